import { useState } from "react";
import { announce } from "../components/live-region.tsx";
import { leave } from "../navigation/leave.ts";
import { signInByPrompt } from "../passkeys/sign-in-ceremony.ts";
import { useAutofill } from "../passkeys/use-autofill.ts";
import { webAuthnSupport } from "../passkeys/webauthn-support.ts";
import { type Problem, toProblem } from "../problems/problem.ts";
import { t } from "../t.ts";
import { type Method, rememberMethod } from "./last-method.ts";

export type SignIn = ReturnType<typeof useSignIn>;

export type SignInStage = "idle" | "passkey" | "password" | "leaving";

/**
 * The state of the sign-in page: one way in at a time, one problem shown, and the way on afterwards.
 * @param offerAutofill false while nobody is to be asked yet.
 */
export function useSignIn(returnTo: string, offerAutofill: boolean, stepUp: boolean) {
  const [stage, setStage] = useState<SignInStage>("idle");
  const [problem, setProblem] = useState<Problem | null>(null);
  const [refusals, setRefusals] = useState(0);

  const refuse = (refused: Problem | null) => {
    setStage("idle");
    setProblem(refused);
    autofill.resume();
    if (refused?.code !== "webauthn_aborted") setRefusals((count) => count + 1);
  };
  const succeed = (method: Method, to = returnTo) => {
    rememberMethod(method);
    setProblem(null);
    setStage("leaving");
    announce(t("login.done"));
    leave(to);
  };
  const begin = (next: SignInStage) => {
    setProblem(null);
    setStage(next);
  };
  const autofill = useAutofill(offerAutofill && (stage === "idle" || stage === "passkey"), {
    onPicked: () => begin("passkey"),
    onSession: () => succeed("passkey"),
    onRefused: refuse,
  });

  const signInWithPasskey = async (username: string | null) => {
    if (stage !== "idle") return;
    autofill.pause();
    begin("passkey");
    const start = { ...(username ? { username } : {}), ...(stepUp ? { step_up: true } : {}) };
    try {
      await signInByPrompt({ start, onAgain: (code) => setProblem({ code }) });
      succeed("passkey");
    } catch (error) {
      refuse(toProblem(error));
    }
  };
  return { stage, begin, problem, refusals, refuse, succeed, signInWithPasskey, supported: webAuthnSupport() };
}
