import { countFullScans } from "../growth/full-scans.ts";
import { createGetSide, createPasskeySignIn, createPasswordSignIn, type SeededSide } from "../growth/seeded-sides.ts";
import { kratosDatabaseOf, type SeededWorld, seedWorld } from "../growth/seeded-world.ts";
import type { Bench } from "../processes.ts";
import type { Figure, Work } from "../rounds.ts";
import type { Scale } from "../scale.ts";

/** At most 1.1 times as long. */
const TARGET = { atLeast: 1 / 1.1 };

const sidesOf = ({ owners }: Scale): Readonly<Record<string, SeededSide>> => ({
  "session check, a thousand people's in turn": createGetSide("/api/auth/session"),
  "list of one's passkeys": createGetSide("/api/passkeys"),
  "list of one's sessions": createGetSide("/api/auth/sessions"),
  "passkey login, start + finish": createPasskeySignIn(owners),
  "password login through Kratos": createPasswordSignIn,
});

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
  const large = await seedWorld(await bench.startAnother(), scale.people.many);
  const small = await seedWorld(bench, scale.people.few);
  const figures = await watchScans(large);
  const works: Work[] = [];
  for (const [name, sideOf] of Object.entries(sidesOf(scale))) {
    const gateway = await sideOf(large);
    works.push({ name: `growth: ${name}`, gateway, baselines: [{ ...(await sideOf(small)), target: TARGET }] });
  }
  return works.map((work, place) => (place === works.length - 1 ? { ...work, figures } : work));
}
