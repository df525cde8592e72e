import { join } from "node:path";
import { Agent, getGlobalDispatcher, setGlobalDispatcher } from "undici";
import type { SoakDeps } from "./acts.ts";
import { createCalm } from "./calm.ts";
import { createGraveyard } from "./graveyard.ts";
import { checkGuest, checkPerson } from "./last-checks.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import { checkMails } from "./mail-checks.ts";
import { digestOf, type Trouble } from "./plan.ts";
import { checkGrowth, watchProcesses } from "./process-watch.ts";
import { createSeededRandom } from "./seeded-random.ts";
import { type Course, runLoad, type SoakOptions } from "./soak-load.ts";
import { createDevice, createSoakPerson, type SoakPerson } from "./soak-person.ts";
import { outcomesOf, type SoakResult, toRecord } from "./soak-report.ts";
import { type SoakWorld, startSoakWorld } from "./soak-world.ts";
import { createTurns, createWatchedBrowser } from "./watched-browser.ts";

/** Longer than any deadline of the gateway's, on a machine with other things to do. */
const NO_ANSWER = 120_000;
/** What a run must be long enough for: before that memory has not settled. */
const MINUTES_FOR_GROWTH = 5;

/** Some at a time. */
async function forEach<Value>(values: readonly Value[], work: (value: Value) => Promise<void>): Promise<void> {
  const left = [...values];
  const run = async () => {
    for (let value = left.shift(); value !== undefined; value = left.shift()) await work(value);
  };
  await Promise.all(Array.from({ length: 4 }, run));
}

async function checkAll({ deps, options }: Course): Promise<void> {
  const { world, ledger, graveyard, people } = deps;
  await deps.calm.wait();
  options.tell("all is well again; the last checks");
  const browser = () => createWatchedBrowser(world, ledger, deps.turns);
  await forEach(people, (person) => checkPerson({ deps, person, browser }));
  await forEach(deps.guests, (person) => checkGuest({ deps, person, browser }));
  await checkMails(deps, [...people, ...deps.guests]);
  await graveyard.check(true);
}

function createDeps(world: SoakWorld, ledger: Ledger, { seed, people }: SoakOptions, signal: AbortSignal): SoakDeps {
  const calm = createCalm(world, signal);
  const turns = createTurns(world);
  const guests: SoakPerson[] = [];
  let guestNumber = 0;
  const newDevice = () => createDevice(createWatchedBrowser(world, ledger, turns));
  return {
    world,
    ledger,
    calm,
    turns,
    people: Array.from({ length: people }, (_, number) => createSoakPerson(seed, number, newDevice, "person")),
    guests,
    graveyard: createGraveyard(world, ledger, calm, createSeededRandom(seed, "graveyard")),
    newGuest: () => createSoakPerson(seed, guestNumber++, newDevice, "guest"),
    newDevice,
  };
}

/** In a few words, without its numbers. */
function nameOf(trouble: Trouble): string {
  if (trouble.kind === "way") return `${trouble.fault.kind} on the way to ${trouble.way}`;
  if (trouble.kind === "application") return "crash of the application";
  return trouble.kind === "gateway" ? `${trouble.signal} to a gateway` : `${trouble.kind} of ${trouble.part}`;
}

/** Has people use two replicas while things go wrong, by the seed, and checks all that must hold, to the end. */
export async function runSoak(options: SoakOptions): Promise<SoakResult> {
  const { seed, minutes, people: count, folder, tell } = options;
  const dispatcher = getGlobalDispatcher();
  const patient = new Agent({ headersTimeout: NO_ANSWER, bodyTimeout: NO_ANSWER });
  setGlobalDispatcher(patient);
  const began = new Date().toISOString();
  const ledger = createLedger(({ at, invariant, what }) => {
    tell(`VIOLATION ${at} ${invariant}: ${what}`);
    const whose = [...deps.people, ...deps.guests].find(({ email }) => what.includes(email));
    for (const act of whose?.lately ?? []) tell(`  before: ${act}`);
  });
  const world = await startSoakWorld(ledger, join(folder, "logs"));
  const over = new AbortController();
  const deps = createDeps(world, ledger, options, over.signal);
  const watch = watchProcesses(world, ledger, deps.calm);
  const troubles = new Map<string, number>();
  const countTrouble = (trouble: Trouble) => {
    const name = nameOf(trouble);
    troubles.set(name, (troubles.get(name) ?? 0) + 1);
  };
  try {
    await deps.calm.wait();
    await runLoad({ deps, options }, countTrouble);
    const growth = world.replicas.map((_, index) => watch.growth(index));
    if (growth[0] && minutes >= MINUTES_FOR_GROWTH) checkGrowth(ledger, growth[0]);
    await checkAll({ deps, options });
    return {
      seed,
      minutes,
      people: count,
      plan: digestOf(seed, count, minutes * 60_000),
      began,
      actions: outcomesOf(ledger),
      troubles: toRecord(troubles),
      invariants: toRecord(ledger.checks),
      endedSessions: deps.graveyard.size(),
      guests: deps.guests.length,
      growth,
      violations: ledger.violations,
    };
  } finally {
    over.abort();
    await watch.stop();
    await world.stop();
    setGlobalDispatcher(dispatcher);
    await patient.destroy();
  }
}
