import { withReturnTo } from "../navigation/return-to.ts";
import type { SignUpStep } from "../settings.ts";

export type SignUpJourney = {
  readonly steps: readonly SignUpStep[];
  readonly returnTo: string;
  /** Kratos' verification flow, where it has started one. */
  readonly verification: string | null;
  readonly canPasskey: boolean;
};

function possible(step: SignUpStep, { verification, canPasskey }: SignUpJourney): boolean {
  return step === "verify" ? verification !== null : canPasskey;
}

function address(step: SignUpStep, { returnTo, verification }: SignUpJourney): string {
  const more = { signup: "1", ...(verification === null ? {} : { flow: verification }) };
  return withReturnTo(step === "verify" ? "/verify" : "/register/passkey-offer", returnTo, more);
}

/** What was done last: the sign-up itself (by password or by passkey), or one of the pages after it. */
export type Done = null | "sign_up_by_passkey" | SignUpStep;

/**
 * The next page after sign-up, by the configured order; steps that make no sense here are left out.
 * @param after the step just done; null right after a sign-up by password.
 * @returns an address of the pages, or null when the person is to be taken on to `returnTo`.
 */
export function nextStep(journey: SignUpJourney, after: Done): string | null {
  const byPasskey = after === "sign_up_by_passkey";
  const left = after === null || byPasskey ? journey.steps : journey.steps.slice(journey.steps.indexOf(after) + 1);
  const step = left.find((candidate) => possible(candidate, journey) && !(byPasskey && candidate === "passkey"));
  return step ? address(step, journey) : null;
}
