import { overrideTexts } from "./t.ts";

const STEPS = ["passkey", "verify"] as const;

/** A page shown after sign-up, before the person is taken on. */
export type SignUpStep = (typeof STEPS)[number];

/** What an operator sets for the pages in `/.passbridge/config.json`. */
export type Settings = {
  readonly brandName: string;
  readonly rpName: string;
  readonly signUpSteps: readonly SignUpStep[];
  /** Whether people may sign in with a code by e-mail. */
  readonly codeSignIn: boolean;
  /** Hosts besides this one that people may be sent back to; `*.` stands for one label. */
  readonly returnHosts: readonly string[];
};

const SETTINGS_URL = "/.passbridge/config.json";
const PATIENCE = 2_000;

let current: Settings = {
  brandName: "Passbridge",
  rpName: "Passbridge",
  signUpSteps: STEPS,
  codeSignIn: false,
  returnHosts: [],
};

/** The settings in force. */
export function settings(): Settings {
  return current;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function word(value: unknown, otherwise: string): string {
  return typeof value === "string" && value.trim() !== "" ? value : otherwise;
}

function stepsOf(value: unknown): readonly SignUpStep[] {
  if (!Array.isArray(value)) return STEPS;
  return value.filter((step): step is SignUpStep => STEPS.some((known) => known === step));
}

function wordsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
}

function textsOf(value: unknown): Record<string, string> {
  const entries = isRecord(value) ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

/** Takes over what is well-formed of the given settings; anything else keeps its default. */
export function applySettings(body: unknown): void {
  if (!isRecord(body)) return;
  const rpName = word(body.rp_name, current.rpName);
  current = {
    rpName,
    brandName: word(body.brand_name, rpName),
    signUpSteps: stepsOf(body.signup_steps),
    codeSignIn: body.code_sign_in === true,
    returnHosts: wordsOf(body.return_hosts),
  };
  overrideTexts(textsOf(body.texts));
}

/** Loads the settings; a slow or failing server leaves the defaults, so that the pages still come up. */
export async function loadSettings(): Promise<void> {
  try {
    const answer = await fetch(SETTINGS_URL, { credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE) });
    if (answer.ok) applySettings(await answer.json());
  } catch {
    // The defaults are complete.
  }
}
