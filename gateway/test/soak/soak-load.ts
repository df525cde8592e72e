import { setTimeout as delay } from "node:timers/promises";
import type { Act, Do, SoakDeps } from "./acts.ts";
import { CODES } from "./acts-codes.ts";
import { CREDENTIALS } from "./acts-credentials.ts";
import { LOOKING } from "./acts-looking.ts";
import { SHARING } from "./acts-sharing.ts";
import { SIGNING, signUp } from "./acts-signing.ts";
import { mayBeLost } from "./graveyard.ts";
import { type ActionName, planSteps, planTroubles, type Step, type Trouble } from "./plan.ts";
import { type Device, nowUnsure, remember, type SoakPerson } from "./soak-person.ts";
import { runTroubles } from "./troubles.ts";
import { Unanswered } from "./watched-browser.ts";

export type SoakOptions = {
  readonly seed: number;
  readonly minutes: number;
  readonly people: number;
  /** For the replicas' logs. */
  readonly folder: string;
  readonly tell: (line: string) => void;
};

const ACTS: Readonly<Record<ActionName, Do>> = { ...LOOKING, ...SIGNING, ...CREDENTIALS, ...CODES, ...SHARING };

/** Does it; in a word what it came to, null where that is a violation of its own. */
async function outcomeOf(act: Act, action: string, work: Do): Promise<string | null> {
  try {
    return await work(act);
  } catch (error) {
    if (error instanceof Unanswered) return "no answer";
    // Kratos' forms are handed on, and may be anything.
    if (error instanceof SyntaxError) return "unreadable";
    act.deps.ledger.check("contract", false, () => `${action}: ${String(error)}`);
    return null;
  }
}

async function perform(act: Act, action: string, work: Do): Promise<void> {
  const outcome = await outcomeOf(act, action, work);
  remember(act.person, act.device, action, outcome ?? "a violation");
  if (outcome !== null) act.deps.ledger.count(action, outcome);
}

const LOOKS_SIGNED_OUT = 0.15;

/** What somebody does who means to do this: most things need a session, and nobody stays between two states. */
function fitting({ action, choice }: Step, { state }: Device, { account, passkeys }: SoakPerson): [string, Do] {
  if (account !== "there") return ["signUp", signUp];
  const isRest = choice < LOOKS_SIGNED_OUT;
  if (state === "unsure" && !isRest) return ["signOut", SIGNING.signOut];
  const needsNone =
    Object.hasOwn(SIGNING, action) || action === "useCode" || action === "useSpentCode" || action === "shareBrowser";
  if (state === "in" || needsNone || isRest) return [action, ACTS[action]];
  const byPasskey = passkeys.some((held) => held.state === "there") && choice < 0.7;
  return byPasskey ? ["signInByPasskey", SIGNING.signInByPasskey] : ["signInByPassword", SIGNING.signInByPassword];
}

async function live(deps: SoakDeps, options: SoakOptions, person: SoakPerson, number: number, signal: AbortSignal) {
  for (const step of planSteps(options.seed, number)) {
    await delay(step.pause, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    const device = person.devices[step.device];
    if (!device) continue;
    await perform({ deps, person, device, choice: step.choice }, ...fitting(step, device, person));
  }
}

export type Course = { readonly deps: SoakDeps; readonly options: SoakOptions };

export async function runLoad({ deps, options }: Course, countTrouble: (trouble: Trouble) => void): Promise<void> {
  const { graveyard, people } = deps;
  const ending = new AbortController();
  const duration = options.minutes * 60_000;
  const redisCrashes = () => {
    graveyard.redisCrashed();
    for (const { devices } of people) for (const device of devices) if (mayBeLost(device)) nowUnsure(device);
  };
  const checkGraves = async () => {
    while (!ending.signal.aborted) {
      await graveyard.check();
      await delay(500);
    }
  };
  const { signal } = ending;
  const troubles = { world: deps.world, calm: deps.calm, redisCrashes, tell: options.tell, signal };
  const work = [
    ...people.map((person, number) => live(deps, options, person, number, signal)),
    checkGraves(),
    runTroubles(troubles, planTroubles(options.seed, duration), countTrouble),
  ];
  const timer = setTimeout(() => ending.abort(), duration);
  try {
    await Promise.all(work);
  } finally {
    clearTimeout(timer);
    ending.abort();
  }
}
