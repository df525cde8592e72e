import { countFullScans } from "../growth/full-scans.ts";
import { createGetSide, createPasskeySignIn, createPasswordSignIn, type SeededSide } from "../growth/seeded-sides.ts";
import { kratosDatabaseOf, type SeededWorld, seedWorld } from "../growth/seeded-world.ts";
import type { Bench } from "../processes.ts";
import type { Work } from "../rounds.ts";
import type { Scale } from "../scale.ts";

/** At most 1.1 times as long. */
const TARGET = { atLeast: 1 / 1.1 };

const SIDES: Readonly<Record<string, SeededSide>> = {
  "session check, a thousand people's in turn": createGetSide("/api/auth/session"),
  "list of one's passkeys": createGetSide("/api/passkeys"),
  "list of one's sessions": createGetSide("/api/auth/sessions"),
  "passkey login, start + finish": createPasskeySignIn,
  "password login through Kratos": createPasswordSignIn,
};

async function workOf(name: string, sideOf: SeededSide, large: SeededWorld, small: SeededWorld): Promise<Work> {
  const databases = [kratosDatabaseOf(large.bench), large.bench.stack.databaseUrl];
  let before: number | undefined;
  const side = await sideOf(large);
  const gateway = {
    ...side,
    measure: async (milliseconds: number) => {
      before ??= await countFullScans(databases);
      return side.measure(milliseconds);
    },
  };
  const figures = async () => {
    const scans = (await countFullScans(databases)) - (before ?? 0);
    return [{ what: "large tables read from end to end", value: scans, unit: "times", target: { atMost: 0 } }];
  };
  return { name: `growth: ${name}`, gateway, baselines: [{ ...(await sideOf(small)), target: TARGET }], figures };
}

/**
 * What a person does among a million people and sessions, against the same among a thousand: two worlds with stores of
 * their own side by side.
 */
export async function createLargeGrowthWorks(bench: Bench, { people }: Scale): Promise<Work[]> {
  const large = await seedWorld(await bench.startAnother(), people.many);
  const small = await seedWorld(bench, people.few);
  const works: Work[] = [];
  for (const [name, sideOf] of Object.entries(SIDES)) works.push(await workOf(name, sideOf, large, small));
  return works;
}
