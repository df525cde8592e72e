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
import { Or, PasskeyWay, PasswordWay } from "./ways-in.tsx";

export type LoginFormProps = {
  readonly signIn: SignIn;
  readonly returnTo: string;
  readonly flowId: string | null;
  /** A fresh sign-in of somebody who is signed in already. */
  readonly again: boolean;
  readonly email: string;
  readonly onEmail: (email: string) => void;
};

/** The password and both ways of sending the form. */
function useLoginForm({ signIn, flowId, again, email }: LoginFormProps) {
  const [password, setPassword] = useState("");
  const [last] = useState(lastMethod);
  const byPassword = usePasswordSignIn(signIn, flowId, again);
  const canPasskey = signIn.supported === "yes";
  const passkeyFirst = canPasskey && last !== "password";
  const byPasskey = () => void signIn.signInWithPasskey(looksLikeEmail(email) ? email.trim() : null);
  const submit = () => {
    if (password === "" && passkeyFirst && looksLikeEmail(email)) byPasskey();
    else void byPassword.signInWithPassword(email, password);
  };
  return { ...byPassword, password, setPassword, last, canPasskey, passkeyFirst, byPasskey, submit };
}

/** Both ways in, the one used last first; the passkey where none was. */
function Ways({ form, ...props }: LoginFormProps & { form: ReturnType<typeof useLoginForm> }) {
  const { passkeyFirst, canPasskey, last } = form;
  const { stage, supported } = props.signIn;
  const passkey = (
    <PasskeyWay
      key="passkey"
      support={supported}
      stage={stage}
      first={passkeyFirst}
      usedLast={last === "passkey"}
      onSignIn={form.byPasskey}
    />
  );
  const password = (
    <PasswordWay
      key="password"
      password={form.password}
      onChange={form.setPassword}
      error={form.faults.password}
      stage={stage}
      first={!passkeyFirst}
      usedLast={last === "password"}
      recoverLink={withReturnTo("/recover", props.returnTo)}
      email={props.email}
    />
  );
  if (!canPasskey) return [passkey, password];
  const or = <Or key="or" />;
  return passkeyFirst ? [passkey, or, password] : [password, or, passkey];
}

/** E-mail, and under it the ways in. */
export function LoginForm(props: LoginFormProps) {
  const form = useLoginForm(props);
  return (
    <Form onSubmit={form.submit} refusals={props.signIn.refusals}>
      <ProblemNotice problem={props.signIn.problem} />
      {form.messages.map((message) => (
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
        value={props.email}
        onChange={props.onEmail}
        error={form.faults.email}
      />
      <Ways form={form} {...props} />
    </Form>
  );
}
