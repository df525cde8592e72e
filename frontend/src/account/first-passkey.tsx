import type { Passkey } from "@passbridge/client";
import { useState } from "react";
import { PasskeyHero } from "../components/passkey-hero.tsx";
import { createPasskey } from "../passkeys/create-passkey.ts";
import { needsSignIn, type Problem } from "../problems/problem.ts";
import { useStepUp } from "../step-up/use-step-up.tsx";
import { AccountProblem } from "./account-problem.tsx";

/** The hero prompt for somebody without a passkey; who they are is confirmed on the way where that is needed. */
export function FirstPasskey({ onAdded }: { onAdded: (passkey: Passkey) => void }) {
  const stepUp = useStepUp();
  const [problem, setProblem] = useState<Problem | null>(null);
  const takeSignIn = (failed: Problem) => {
    setProblem(needsSignIn(failed) ? failed : null);
    return needsSignIn(failed);
  };
  const create = () => stepUp.run(() => createPasskey());
  return (
    <>
      <PasskeyHero onCreated={onAdded} onProblem={takeSignIn} create={create} />
      <AccountProblem problem={problem} />
      {stepUp.dialog}
    </>
  );
}
