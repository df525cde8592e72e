import { useMemo, useState } from "react";
import type { Flow } from "../kratos/flow.ts";
import type { FlowSource } from "../kratos/run-flow.ts";
import type { Problem } from "../problems/problem.ts";
import { type CodeOutcome, enterCode, mailCode } from "./code-flow.ts";
import type { SignIn } from "./use-sign-in.ts";

type Refusal = { readonly words: string | null; readonly problem: Problem | null; readonly count: number };

const NONE: Refusal = { words: null, problem: null, count: 0 };

export type CodeSignIn = ReturnType<typeof useCodeSignIn>;

/**
 * Signing in with a code by e-mail: asked for in the form, entered in a step of its own.
 * @param again a fresh sign-in of somebody who is signed in already.
 */
export function useCodeSignIn(signIn: SignIn, again: boolean) {
  const source = useMemo<FlowSource>(() => ({ kind: "login", query: again ? { refresh: "true" } : {} }), [again]);
  const [sent, setSent] = useState<{ readonly email: string; readonly flow: Flow } | null>(null);
  const [refusal, setRefusal] = useState(NONE);
  const read = async (outcome: CodeOutcome, email: string): Promise<boolean> => {
    if (outcome.kind === "in") await signIn.succeed("code", outcome.to);
    if (outcome.kind === "sent") setSent({ email, flow: outcome.flow });
    if (outcome.kind !== "refused") return true;
    const { words, problem } = outcome;
    setRefusal(({ count }) => ({ words, problem, count: count + 1 }));
    return false;
  };

  const ask = async (email: string) => {
    if (signIn.stage !== "idle") return;
    signIn.begin("code");
    const outcome = await mailCode(source, email);
    if (outcome.kind === "refused") signIn.refuse(outcome.problem ?? { code: "unknown" });
    else await read(outcome, email);
  };
  const resend = async () => sent !== null && read(await mailCode(source, sent.email), sent.email);
  const enter = async (code: string) => {
    if (sent) await read(await enterCode(source, sent.flow, sent.email, code), sent.email);
  };
  const goBack = () => {
    setSent(null);
    setRefusal(NONE);
    signIn.giveUp();
  };
  return { sentTo: sent?.email ?? null, refusal, ask, resend, enter, goBack };
}
