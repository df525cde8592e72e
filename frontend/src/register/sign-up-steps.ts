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

/**
 * The next page after sign-up, by the configured order; steps that make no sense here are left out.
 * @param after the step just done; null right after the sign-up itself.
 * @returns an address of the pages, or null when the person is to be taken on to `returnTo`.
 */
export function nextStep(journey: SignUpJourney, after: SignUpStep | null): string | null {
  const left = after === null ? journey.steps : journey.steps.slice(journey.steps.indexOf(after) + 1);
  const step = left.find((candidate) => possible(candidate, journey));
  return step ? address(step, journey) : null;
}
