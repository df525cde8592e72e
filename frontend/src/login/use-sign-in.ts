import { useState } from "react";
import { announce } from "../components/live-region.tsx";
import { leave } from "../navigation/leave.ts";
import { signInByPrompt } from "../passkeys/sign-in-ceremony.ts";
import { upgradeSilently } from "../passkeys/upgrade-silently.ts";
import { useAutofill } from "../passkeys/use-autofill.ts";
import { webAuthnSupport } from "../passkeys/webauthn-support.ts";
import { type Problem, toProblem } from "../problems/problem.ts";
import { t } from "../t.ts";
import { lastSignIn, type Method, rememberMethod } from "./last-method.ts";
import { placeAfterSignIn } from "./place-after-sign-in.ts";

/** Which way in is under way, until the page is left. */
export type SignInStage = "idle" | Method;

export type SignIn = ReturnType<typeof useSignIn>;

/** What need not take the focus: nobody asked for it, or the focus has a better place. */
const QUIET = new Set(["webauthn_aborted", "no_passkey_here"]);

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
    if (!refused || !QUIET.has(refused.code)) setRefusals((count) => count + 1);
  };
  return { stage, problem, refusals, begin, fail, setProblem };
}

/** What is done before the page is left, by the way in; a fresh sign-in for some action goes straight back to it. */
async function finish(method: Method, to: string, stepUp: boolean): Promise<void> {
  announce(t("login.done"));
  if (method === "passkey" || stepUp) return leave(to);
  if (method === "password") await upgradeSilently();
  return leave(await placeAfterSignIn(to));
}

/** Whether to ask for what is on this device alone: once, and not where the last passkey was on another one. */
function useAtHand() {
  const [atHand, setAtHand] = useState(() => !lastSignIn().elsewhere);
  return [atHand, () => setAtHand(false)] as const;
}

/**
 * The state of the sign-in page: one way in at a time, one problem shown, and the way on afterwards.
 * @param offerAutofill false while nobody is to be asked yet.
 */
export function useSignIn(returnTo: string, offerAutofill: boolean, stepUp: boolean) {
  const { stage, problem, refusals, begin, fail, setProblem } = useAttempts();
  const [atHand, askEverywhere] = useAtHand();
  const succeed = (method: Method, to = returnTo, elsewhere = false) => {
    rememberMethod(method, elsewhere);
    return finish(method, to, stepUp);
  };
  const autofill = useAutofill(offerAutofill && (stage === "idle" || stage === "passkey"), {
    onPicked: () => begin("passkey"),
    onSession: () => void succeed("passkey"),
    onRefused: fail,
  });
  const refuse = (refused: Problem | null) => {
    if (refused?.code === "no_passkey_here") askEverywhere();
    fail(refused);
    autofill.resume();
  };
  const giveUp = () => begin("idle");
  /** Resolves to what was refused; null otherwise. */
  const signInWithPasskey = async (username: string | null): Promise<Problem | null> => {
    if (stage !== "idle") return null;
    autofill.pause();
    begin("passkey");
    const start = { ...(username ? { username } : {}), ...(stepUp ? { step_up: true } : {}) };
    try {
      const { elsewhere } = await signInByPrompt({ start, atHand, onAgain: (code) => setProblem({ code }) });
      await succeed("passkey", returnTo, elsewhere);
      return null;
    } catch (error) {
      const refused = toProblem(error);
      refuse(refused);
      return refused;
    }
  };
  const supported = webAuthnSupport();
  return { stage, problem, refusals, atHand, supported, begin, refuse, giveUp, succeed, signInWithPasskey };
}
