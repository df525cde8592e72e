import { useMemo, useState } from "react";
import { emailError } from "../components/email.ts";
import { flowErrors } from "../kratos/messages.ts";
import { useFlow } from "../kratos/use-flow.ts";
import { returnToOf } from "../navigation/return-to.ts";
import { t } from "../t.ts";
import type { SignIn } from "./use-sign-in.ts";

export type PasswordFaults = { readonly email: string | null; readonly password: string | null };

const NO_FAULTS: PasswordFaults = { email: null, password: null };

/**
 * Signing in with e-mail and password, through Kratos' login flow.
 * @param again a fresh sign-in of somebody who is signed in already.
 */
export function usePasswordSignIn(signIn: SignIn, flowId: string | null, again: boolean) {
  const query = useMemo((): Record<string, string> => (again ? { refresh: "true" } : {}), [again]);
  const { state, submit } = useFlow("login", { id: flowId, query, defer: true });
  const [faults, setFaults] = useState(NO_FAULTS);
  const [messages, setMessages] = useState<readonly string[]>([]);

  const send = async (email: string, password: string) => {
    const answer = await submit({ method: "password", identifier: email.trim(), password });
    if (answer.kind === "done" || answer.kind === "signed_in") return signIn.succeed("password");
    if (answer.kind === "redirect") return signIn.succeed("password", returnToOf(answer.to) ?? undefined);
    if (answer.kind === "flow") {
      setMessages(flowErrors(answer.flow, []));
      return signIn.refuse(null);
    }
    return signIn.refuse(answer.kind === "failed" ? answer.problem : { code: "challenge_invalid" });
  };

  const signInWithPassword = async (email: string, password: string) => {
    if (signIn.stage !== "idle") return;
    const found = { email: emailError(email), password: password === "" ? t("field.required") : null };
    setFaults(found);
    setMessages([]);
    if (found.email || found.password) return signIn.refuse(null);
    signIn.begin("password");
    await send(email, password);
  };
  const flow = state.status === "ready" ? state.flow : null;
  return { flow, faults, messages, signInWithPassword };
}
