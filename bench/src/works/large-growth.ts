import { countFullScans } from "../growth/full-scans.ts";
import { createGetSide, createPasskeySignIn, createPasswordSignIn, type SeededSide } from "../growth/seeded-sides.ts";
import { kratosDatabaseOf, type SeededWorld, seedWorld } from "../growth/seeded-world.ts";
import type { Bench } from "../processes.ts";
import type { Figure, Work } from "../rounds.ts";
import type { Scale } from "../scale.ts";

/** At most 1.1 times as long. */
const TARGET = { atLeast: 1 / 1.1 };

/** As long as the gateway keeps what it knows of a person's passkeys, which no setting changes. */
const CACHE_LIFE = 5_000;

/**
 * Nothing lives longer in the gateway's memory, so that a round of two lives asks the stores for everything exactly as
 * often as the next one: what was kept is over when a side's turn comes again.
 */
const SHORT_LIVES = { IDENTITY_CACHE_TTL: "5s", PASSKEY_SESSION_CACHE_TTL: "5s" };

type GrowthWork = { readonly sideOf: SeededSide; readonly duration?: number };

function growthWorks({ owners, cacheLives }: Scale): Readonly<Record<string, GrowthWork>> {
  const get = (path: string) => ({
    sideOf: createGetSide(path),
    ...(cacheLives && { duration: 2 * CACHE_LIFE }),
  });
  return {
    "session check, a thousand people's in turn": get("/api/auth/session"),
    "list of one's passkeys": get("/api/passkeys"),
    "list of one's sessions": get("/api/auth/sessions"),
    "passkey login, start + finish": { sideOf: createPasskeySignIn(owners) },
    "password login through Kratos": { sideOf: createPasswordSignIn },
  };
}

async function withShortLives(bench: Bench): Promise<Bench> {
  return { ...bench, ...(await bench.startSecondGateway(bench.stack.databaseUrl, SHORT_LIVES)) };
}

/** How often a large table was read from end to end since the worlds were filled; asked when all is done. */
async function watchScans(large: SeededWorld): Promise<() => Promise<Figure[]>> {
  const databases = [kratosDatabaseOf(large.bench), large.bench.stack.databaseUrl];
  const before = await countFullScans(databases);
  return async () => {
    const value = (await countFullScans(databases)) - before;
    return [
      { what: "large tables read from end to end, in all of these", value, unit: "times", target: { atMost: 0 } },
    ];
  };
}

/**
 * What a person does among a million people and sessions, against the same among a thousand: two worlds with stores of
 * their own side by side.
 */
export async function createLargeGrowthWorks(bench: Bench, scale: Scale): Promise<Work[]> {
  const large = await seedWorld(await withShortLives(await bench.startAnother()), scale.people.many);
  const small = await seedWorld(await withShortLives(bench), scale.people.few);
  const figures = await watchScans(large);
  const works: Work[] = [];
  for (const [name, { sideOf, ...rounds }] of Object.entries(growthWorks(scale))) {
    const gateway = await sideOf(large);
    const baselines = [{ ...(await sideOf(small)), target: TARGET }];
    works.push({ name: `growth: ${name}`, gateway, baselines, ...rounds });
  }
  return works.map((work, place) => (place === works.length - 1 ? { ...work, figures } : work));
}
