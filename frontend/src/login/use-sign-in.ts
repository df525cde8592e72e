import { useState } from "react";
import { announce } from "../components/live-region.tsx";
import { leave } from "../navigation/leave.ts";
import { signInByPrompt } from "../passkeys/sign-in-ceremony.ts";
import { useAutofill } from "../passkeys/use-autofill.ts";
import { webAuthnSupport } from "../passkeys/webauthn-support.ts";
import { type Problem, toProblem } from "../problems/problem.ts";
import { t } from "../t.ts";
import { type Method, rememberMethod } from "./last-method.ts";

export type SignInStage = "idle" | "passkey" | "password" | "leaving";

export type SignIn = ReturnType<typeof useSignIn>;

/** One attempt at a time: what is under way, what went wrong last, and how often. */
function useAttempts() {
  const [stage, setStage] = useState<SignInStage>("idle");
  const [problem, setProblem] = useState<Problem | null>(null);
  const [refusals, setRefusals] = useState(0);
  const begin = (next: SignInStage) => {
    setProblem(null);
    setStage(next);
  };
  const fail = (refused: Problem | null) => {
    setStage("idle");
    setProblem(refused);
    if (refused?.code !== "webauthn_aborted") setRefusals((count) => count + 1);
  };
  return { stage, problem, refusals, begin, fail, setProblem };
}

/**
 * The state of the sign-in page: one way in at a time, one problem shown, and the way on afterwards.
 * @param offerAutofill false while nobody is to be asked yet.
 */
export function useSignIn(returnTo: string, offerAutofill: boolean, stepUp: boolean) {
  const { stage, problem, refusals, begin, fail, setProblem } = useAttempts();
  const succeed = (method: Method, to = returnTo) => {
    rememberMethod(method);
    begin("leaving");
    announce(t("login.done"));
    leave(to);
  };
  const autofill = useAutofill(offerAutofill && (stage === "idle" || stage === "passkey"), {
    onPicked: () => begin("passkey"),
    onSession: () => succeed("passkey"),
    onRefused: fail,
  });
  const refuse = (refused: Problem | null) => {
    fail(refused);
    autofill.resume();
  };
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
  return { stage, problem, refusals, begin, refuse, succeed, signInWithPasskey, supported: webAuthnSupport() };
}
