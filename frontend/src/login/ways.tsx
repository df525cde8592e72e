import { withReturnTo } from "../navigation/return-to.ts";
import { t } from "../t.ts";
import type { Method } from "./last-method.ts";
import type { LoginFormState } from "./use-login-form.ts";
import type { SignIn } from "./use-sign-in.ts";
import { CodeWay, PasskeyWay, PasswordWay } from "./ways-in.tsx";

export type WaysProps = {
  readonly form: LoginFormState;
  readonly signIn: SignIn;
  readonly email: string;
  readonly returnTo: string;
};

function Way({ method, form, signIn, email, returnTo }: WaysProps & { method: Method }) {
  const shared = { stage: signIn.stage, first: form.open[0] === method, usedLast: form.last === method };
  if (method === "passkey") {
    const signInByPasskey = () => void form.byPasskey();
    return <PasskeyWay {...shared} support={signIn.supported} atHand={signIn.atHand} onSignIn={signInByPasskey} />;
  }
  if (method === "code") return <CodeWay {...shared} onSend={form.byCode} />;
  return (
    <PasswordWay
      {...shared}
      password={form.password}
      onChange={form.setPassword}
      error={form.faults.password}
      recoverLink={withReturnTo("/recover", returnTo)}
      email={email}
    />
  );
}

/** The ways in, the first of them set apart; where passkeys can't be used, a word about that stands in for them. */
export function Ways(props: WaysProps) {
  const { open } = props.form;
  const [first, ...others] = open.map((method) => <Way key={method} method={method} {...props} />);
  if (!open.includes("passkey")) return [<Way key="passkey" method="passkey" {...props} />, first, ...others];
  return [
    first,
    <p key="or" className="divider">
      {t("login.or")}
    </p>,
    ...others,
  ];
}
