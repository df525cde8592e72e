import { useMemo } from "react";
import { emailError } from "../components/email.ts";
import { flowErrors } from "../kratos/messages.ts";
import { useFlow } from "../kratos/use-flow.ts";
import { returnToOf } from "../navigation/return-to.ts";
import { t } from "../t.ts";
import type { Faults } from "./use-faults.ts";
import type { SignIn } from "./use-sign-in.ts";

export type PasswordSignInOptions = {
  readonly signIn: SignIn;
  readonly faults: Faults;
  /** Kratos' flow in the address, if any. */
  readonly flowId: string | null;
  /** A fresh sign-in of somebody who is signed in already. */
  readonly again: boolean;
};

/** Signing in with e-mail and password, through Kratos' login flow. */
export function usePasswordSignIn({ signIn, faults, flowId, again }: PasswordSignInOptions) {
  const query = useMemo((): Record<string, string> => (again ? { refresh: "true" } : {}), [again]);
  const { submit } = useFlow("login", { id: flowId, query, defer: true });

  const send = async (email: string, password: string) => {
    const answer = await submit({ method: "password", identifier: email.trim(), password });
    if (answer.kind === "done" || answer.kind === "signed_in") return signIn.succeed("password");
    if (answer.kind === "redirect") return signIn.succeed("password", returnToOf(answer.to) ?? undefined);
    if (answer.kind === "flow") {
      faults.report({ messages: flowErrors(answer.flow, []) });
      return signIn.refuse(null);
    }
    return signIn.refuse(answer.kind === "failed" ? answer.problem : { code: "challenge_invalid" });
  };

  return async (email: string, password: string) => {
    if (signIn.stage !== "idle") return;
    const found = { email: emailError(email), password: password === "" ? t("field.required") : null };
    faults.report(found);
    if (found.email || found.password) return signIn.refuse(null);
    signIn.begin("password");
    await send(email, password);
  };
}
