import type { Calm } from "./calm.ts";
import type { Graveyard } from "./graveyard.ts";
import type { Ledger } from "./ledger.ts";
import type { Device, SoakPerson } from "./soak-person.ts";
import type { SoakWorld } from "./soak-world.ts";

export type SoakDeps = {
  readonly world: SoakWorld;
  readonly ledger: Ledger;
  readonly calm: Calm;
  readonly graveyard: Graveyard;
  readonly people: readonly SoakPerson[];
  /** Those who signed up by passkey. */
  readonly guests: SoakPerson[];
  /** The replica that is next. */
  readonly turns: () => number;
  readonly newGuest: () => SoakPerson;
  /** A browser that is nobody's. */
  readonly newDevice: () => Device;
};

/** What somebody does, to what, on which device. */
export type Act = {
  readonly deps: SoakDeps;
  readonly person: SoakPerson;
  readonly device: Device;
  /** From 0 up to 1. */
  readonly choice: number;
};

/** Does it, and says what it came to, in a word. Throws Unanswered. */
export type Do = (act: Act) => Promise<string>;

export const chosen = <Value>(values: readonly Value[], choice: number): Value | undefined =>
  values[Math.floor(choice * values.length)];

/** A failure, of which nobody knows whether it was done. */
export const isUnclear = ({ status }: Response) => status >= 500;

/** What became of a change; where it is unclear, or no answer comes, that is noted before anything else. */
export async function change(send: () => Promise<Response>, unclear: () => void): Promise<Response> {
  let answer: Response;
  try {
    answer = await send();
  } catch (error) {
    unclear();
    throw error;
  }
  if (isUnclear(answer)) unclear();
  return answer;
}

/** Somebody who is signed in was told they are not. */
export function toldSignedOut({ deps, person, device }: Act, by: string): void {
  deps.ledger.check("signedIn", device.state !== "in", () => `${person.email}: ${by}`);
  // Told once.
  if (device.state === "in") device.state = "unsure";
}

export const toldSignedIn = ({ deps }: Act): void => deps.ledger.check("signedIn", true, () => "");

export async function codeIn(answer: Response): Promise<string> {
  const body = (await answer
    .clone()
    .json()
    .catch(() => ({}))) as { code?: unknown };
  return typeof body.code === "string" ? body.code : "";
}

/** What came instead of success, in a word. */
export function refused(act: Act, answer: Response): string {
  if (answer.status === 401) toldSignedOut(act, "passkeys or recovery codes");
  return String(answer.status);
}
