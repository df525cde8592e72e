import { useState } from "react";
import { emailError, looksLikeEmail } from "../components/email.ts";
import { settings } from "../settings.ts";
import { lastSignIn, METHODS, type Method } from "./last-method.ts";
import type { CodeSignIn } from "./use-code-sign-in.ts";
import { useFaults } from "./use-faults.ts";
import { usePasswordSignIn } from "./use-password-sign-in.ts";
import type { SignIn } from "./use-sign-in.ts";

export type LoginFormProps = {
  readonly signIn: SignIn;
  readonly code: CodeSignIn;
  readonly returnTo: string;
  readonly flowId: string | null;
  /** A fresh sign-in of somebody who is signed in already. */
  readonly again: boolean;
  readonly email: string;
  readonly onEmail: (email: string) => void;
};

/** The ways in that are open here, the one used last first; the passkey where none was. */
function useOpenMethods(canPasskey: boolean): { readonly open: readonly Method[]; readonly last: Method | null } {
  const [{ method: last }] = useState(lastSignIn);
  const isOpen = (method: Method) => (method === "passkey" ? canPasskey : method !== "code" || settings().codeSignIn);
  const open = METHODS.filter(isOpen);
  return { open: [...open.filter((method) => method === last), ...open.filter((method) => method !== last)], last };
}

function focusField(name: "email" | "password"): void {
  document.querySelector<HTMLInputElement>(`input[name="${name}"]`)?.focus();
}

/** The password and every way of sending the form. */
export function useLoginForm({ signIn, code, flowId, again, email }: LoginFormProps) {
  const [password, setPassword] = useState("");
  const faults = useFaults();
  const { open, last } = useOpenMethods(signIn.supported === "yes");
  const byPassword = usePasswordSignIn({ signIn, faults, flowId, again });
  const byPasskey = async () => {
    faults.report({});
    const username = looksLikeEmail(email) ? email.trim() : null;
    const refused = await signIn.signInWithPasskey(username);
    // Nothing at hand: the person goes on with the password without looking for it.
    if (refused?.code === "no_passkey_here") focusField(username === null ? "email" : "password");
  };
  const byCode = () => {
    const fault = emailError(email);
    faults.report({ email: fault });
    if (fault) signIn.refuse(null);
    else void code.ask(email.trim());
  };
  const submit = () => {
    const [first] = password === "" ? open : [];
    if (first === "passkey" && looksLikeEmail(email)) void byPasskey();
    else if (first === "code") byCode();
    else void byPassword(email, password);
  };
  return { password, setPassword, faults, open, last, byPasskey, byCode, submit };
}

export type LoginFormState = ReturnType<typeof useLoginForm>;
