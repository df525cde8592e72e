import { useState } from "react";
import { looksLikeEmail } from "../components/email.ts";
import { Form } from "../components/form.tsx";
import { Notice } from "../components/notice.tsx";
import { TextField } from "../components/text-field.tsx";
import { withReturnTo } from "../navigation/return-to.ts";
import { ProblemNotice } from "../problems/problem-notice.tsx";
import { t } from "../t.ts";
import { lastMethod } from "./last-method.ts";
import { usePasswordSignIn } from "./use-password-sign-in.ts";
import type { SignIn } from "./use-sign-in.ts";
import { PasskeyWay, PasswordWay } from "./ways-in.tsx";

export type LoginFormProps = {
  readonly signIn: SignIn;
  readonly returnTo: string;
  readonly flowId: string | null;
  /** A fresh sign-in of somebody who is signed in already. */
  readonly again: boolean;
  readonly email: string;
  readonly onEmail: (email: string) => void;
};

/** E-mail, and under it both ways in: the one used last comes first, the passkey where none was. */
export function LoginForm({ signIn, returnTo, flowId, again, email, onEmail }: LoginFormProps) {
  const [password, setPassword] = useState("");
  const [last] = useState(lastMethod);
  const { faults, messages, signInWithPassword } = usePasswordSignIn(signIn, flowId, again);
  const canPasskey = signIn.supported === "yes";
  const passkeyFirst = canPasskey && last !== "password";

  const byPasskey = () => void signIn.signInWithPasskey(looksLikeEmail(email) ? email.trim() : null);
  const submit = () => {
    if (password === "" && passkeyFirst && looksLikeEmail(email)) byPasskey();
    else void signInWithPassword(email, password);
  };
  const ways = [
    <PasskeyWay
      key="passkey"
      support={signIn.supported}
      stage={signIn.stage}
      first={passkeyFirst}
      usedLast={last === "passkey"}
      onSignIn={byPasskey}
    />,
    canPasskey && (
      <p key="or" className="divider">
        {t("login.or")}
      </p>
    ),
    <PasswordWay
      key="password"
      password={password}
      onChange={setPassword}
      error={faults.password}
      stage={signIn.stage}
      first={!passkeyFirst}
      usedLast={last === "password"}
      recoverLink={withReturnTo("/recover", returnTo)}
      email={email}
    />,
  ];
  return (
    <Form onSubmit={submit} refusals={signIn.refusals}>
      <ProblemNotice problem={signIn.problem} />
      {messages.map((message) => (
        <Notice key={message} tone="error">
          {message}
        </Notice>
      ))}
      <TextField
        label={t("field.email")}
        name="email"
        type="email"
        autoComplete="username webauthn"
        required
        value={email}
        onChange={onEmail}
        error={faults.email}
      />
      {passkeyFirst || !canPasskey ? ways : ways.toReversed()}
    </Form>
  );
}
