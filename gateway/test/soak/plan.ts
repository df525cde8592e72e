import { createHash } from "node:crypto";
import type { Fault } from "../support/fault.ts";
import { createSeededRandom, type SeededRandom } from "./seeded-random.ts";

/** How often people do what, in relation to each other. */
const WEIGHTS = {
  session: 20,
  page: 20,
  forwardAuth: 12,
  signInByPasskey: 12,
  signInByPassword: 7,
  addPasskey: 6,
  listPasskeys: 5,
  renamePasskey: 3,
  removePasskey: 3,
  makeCodes: 2,
  useCode: 4,
  useSpentCode: 3,
  signOut: 8,
  signOutEverywhere: 1,
  endOthers: 1,
  openStream: 4,
  openSocket: 4,
  signUpByPasskey: 1,
  shareBrowser: 3,
};

export type ActionName = keyof typeof WEIGHTS;

export const DEVICES = 3;

/** What somebody does next; `choice`, from 0 up to 1, is which of several things they do it to. */
export type Step = {
  readonly action: ActionName;
  readonly device: number;
  readonly pause: number;
  readonly choice: number;
};

export const WAY_NAMES = ["kratosPublic", "kratosAdmin", "redis", "postgres", "smtp", "upstream"] as const;
export type WayName = (typeof WAY_NAMES)[number];
export type CrashingPart = "redis" | "postgres" | "kratos";

/** What goes wrong. Of the replicas only the second is killed: the first one's memory is measured over the whole run. */
export type Trouble =
  | { readonly kind: "way"; readonly replicas: readonly number[]; readonly way: WayName; readonly fault: Fault }
  | { readonly kind: "pause" | "crash"; readonly part: CrashingPart }
  | { readonly kind: "gateway"; readonly signal: "SIGKILL" | "SIGTERM" }
  | { readonly kind: "application" };

/** Milliseconds: when it begins, from the start of the run, and how long it lasts. */
export type PlannedTrouble = { readonly at: number; readonly lasts: number; readonly trouble: Trouble };

/** What a person does, without end. */
export function* planSteps(seed: number, person: number): Generator<Step, never> {
  const random = createSeededRandom(seed, `person ${person}`);
  for (;;) {
    yield {
      action: random.weighted(WEIGHTS),
      device: random.between(0, DEVICES - 1),
      pause: random.between(500, 3_500),
      choice: random.next(),
    };
  }
}

function planFault(random: SeededRandom, way: WayName): Fault {
  const kinds = ["refuse", "hang", "hangWithin", "slow", "cut", "garbage"] as const;
  const http = way.startsWith("kratos");
  const kind = random.pick(http ? [...kinds, "status" as const] : kinds);
  if (kind === "hangWithin") return { kind: "hang", after: random.between(1, 400) };
  if (kind === "slow") return { kind, latency: random.between(50, 800) };
  if (kind === "cut") return { kind, after: random.between(0, 400), by: random.pick(["reset", "end"]) };
  if (kind === "garbage") return { kind, seed: random.between(1, 1_000_000) };
  return kind === "status" ? { kind, status: random.pick([500, 502, 503]) } : { kind };
}

function planTrouble(random: SeededRandom): Trouble {
  const kind = random.weighted({ way: 14, pause: 3, crash: 3, gateway: 2, application: 1 });
  if (kind === "pause" || kind === "crash") return { kind, part: random.pick(["redis", "postgres", "kratos"]) };
  if (kind === "gateway") return { kind, signal: random.pick(["SIGKILL", "SIGTERM"]) };
  if (kind === "application") return { kind };
  const way = random.pick(WAY_NAMES);
  return { kind, way, replicas: random.pick([[0], [1], [0, 1]]), fault: planFault(random, way) };
}

/** One thing after the other, with a while in between in which all is well. */
function planLane(seed: number, name: string, until: number, begin: number, gaps: readonly [number, number]) {
  const random = createSeededRandom(seed, name);
  const lane: PlannedTrouble[] = [];
  for (let at = begin; ; ) {
    const planned = { at, lasts: random.between(1_500, 8_000), trouble: planTrouble(random) };
    if (at + planned.lasts > until) return lane;
    lane.push(planned);
    at += planned.lasts + random.between(...gaps);
  }
}

/**
 * What goes wrong in a run, in two lanes, so that now and then two things are wrong at once.
 * @param duration of the run, in milliseconds.
 */
export function planTroubles(seed: number, duration: number): readonly (readonly PlannedTrouble[])[] {
  const until = duration - 2_000;
  return [
    planLane(seed, "first lane", until, 3_000, [1_000, 9_000]),
    planLane(seed, "second lane", until, 20_000, [15_000, 45_000]),
  ];
}

/** The same for the same plan: what the seed stands for, in a few letters. */
export function digestOf(seed: number, people: number, duration: number): string {
  const steps = Array.from({ length: people }, (_, person) => {
    const plan = planSteps(seed, person);
    return Array.from({ length: 100 }, () => plan.next().value);
  });
  const text = JSON.stringify([steps, planTroubles(seed, duration)]);
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
