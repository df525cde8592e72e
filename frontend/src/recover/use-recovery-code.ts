import { useState } from "react";
import { api } from "../api.ts";
import { emailError } from "../components/email.ts";
import { useAction } from "../components/use-action.ts";
import { type Problem, toProblem } from "../problems/problem.ts";
import { t } from "../t.ts";

export type RecoveryCodeFaults = { readonly email: string | null; readonly code: string | null };

const NO_FAULTS: RecoveryCodeFaults = { email: null, code: null };
const CODE_LENGTH = 10;

/** What is wrong with a typed code before it is sent, in words; null when nothing is. */
export function codeFault(typed: string): string | null {
  if (typed.trim() === "") return t("field.required");
  const characters = typed.match(/[\p{L}\p{N}]/gu) ?? [];
  return characters.length === CODE_LENGTH ? null : t("recovery_code.incomplete");
}

/** Signing in with a recovery code: what is wrong with the form or the try, and the try itself. */
export function useRecoveryCode(onSignedIn: () => void) {
  const [faults, setFaults] = useState(NO_FAULTS);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [refusals, setRefusals] = useState(0);
  const refuse = () => setRefusals((count) => count + 1);
  const [send, busy] = useAction(async (email: string, code: string) => {
    const found = { email: emailError(email), code: codeFault(code) };
    setFaults(found);
    setProblem(null);
    if (found.email || found.code) return refuse();
    try {
      await api.signInWithRecoveryCode({ email: email.trim(), code: code.trim() });
      return onSignedIn();
    } catch (error) {
      setProblem(toProblem(error));
      return refuse();
    }
  });
  return { faults, problem, refusals, send, busy };
}
