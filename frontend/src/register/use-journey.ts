import { useNavigate, useSearchParams } from "react-router";
import type { Verification } from "../kratos/flow.ts";
import { type KnownEmail, useKnownEmail } from "../navigation/known-email.ts";
import { leave } from "../navigation/leave.ts";
import { useReturnTo } from "../navigation/use-return-to.ts";
import { webAuthnSupport } from "../passkeys/webauthn-support.ts";
import { settings } from "../settings.ts";
import { type Done, nextStep } from "./sign-up-steps.ts";

/** Takes people from one step of the sign-up to the next, and in the end to where they wanted to go. */
export function useJourney() {
  const navigate = useNavigate();
  const [query] = useSearchParams();
  const returnTo = useReturnTo();
  const email = useKnownEmail();
  const flowId = query.get("flow");
  const inAddress = flowId === null ? null : { id: flowId, address: email };

  /**
   * @param after the step just done, or the sign-up itself.
   * @param verification Kratos' verification flow; without it, the one in the address.
   */
  const goOn = (after: Done, verification: Verification | null = inAddress, end = returnTo) => {
    // A link from a mail opens one of these pages by itself, outside the sign-up.
    const justSignedUp = after === null || after === "sign_up_by_passkey";
    const inSignUp = justSignedUp || query.has("signup");
    const next = nextStep(
      {
        steps: inSignUp ? settings().signUpSteps : [],
        returnTo: end,
        verification: after === "verify" ? null : (verification?.id ?? null),
        canPasskey: webAuthnSupport() === "yes",
      },
      after,
    );
    const state: KnownEmail = { email: verification?.address ?? "" };
    if (next === null) leave(end);
    else void navigate(next, { replace: !justSignedUp, state });
  };
  return { goOn, returnTo };
}
