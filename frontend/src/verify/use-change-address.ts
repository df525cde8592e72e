import { useState } from "react";
import type { Verification } from "../kratos/flow.ts";
import { fieldError, flowErrors } from "../kratos/messages.ts";
import { signalAccount } from "../passkeys/passkey-signals.ts";
import { type Problem, toProblem } from "../problems/problem.ts";
import { canChangeEmail, changeEmail } from "./change-email.ts";

export type ChangeAddressPorts = {
  readonly address: string;
  /** A new verification flow was started for the account's new address. */
  readonly onChanged: (verification: Verification) => void;
  /** Nobody is signed in here: only the mail can go to another address. */
  readonly onSendTo: (email: string) => Promise<unknown>;
};

/** Another address: the account's own is changed where somebody is signed in; otherwise the code goes there. */
export function useChangeAddress({ address, onChanged, onSendTo }: ChangeAddressPorts) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [refusals, setRefusals] = useState(0);
  const refuse = (why: { problem: Problem } | { error: string | null }) => {
    if ("problem" in why) setProblem(why.problem);
    else setError(why.error);
    setRefusals((count) => count + 1);
  };
  const change = async (email: string) => {
    if (email === address || !(await canChangeEmail())) return onSendTo(email);
    const changed = await changeEmail(email);
    if ("refused" in changed) {
      const flow = changed.refused;
      return refuse({ error: fieldError(flow, "traits.email") ?? flowErrors(flow, [])[0] ?? null });
    }
    // Passkeys are shown under the account's address in the browser's list.
    void signalAccount();
    return changed.verification ? onChanged(changed.verification) : onSendTo(email);
  };
  const submit = async (email: string) => {
    setProblem(null);
    setError(null);
    await change(email).catch((failed: unknown) => refuse({ problem: toProblem(failed) }));
  };
  return { problem, error, refusals, submit };
}
