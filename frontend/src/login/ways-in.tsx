import { Link } from "react-router";
import { Button } from "../components/button.tsx";
import { PasskeyIcon } from "../components/icons.tsx";
import { Notice } from "../components/notice.tsx";
import { PasswordField } from "../components/password-field.tsx";
import type { WebAuthnSupport } from "../passkeys/webauthn-support.ts";
import { t } from "../t.ts";
import type { SignInStage } from "./use-sign-in.ts";

export type PasskeyWayProps = {
  readonly support: WebAuthnSupport;
  readonly stage: SignInStage;
  readonly first: boolean;
  readonly usedLast: boolean;
  /** Only what is on this device was asked for so far. */
  readonly atHand: boolean;
  readonly onSignIn: () => void;
};

/** One line under the button: the way used last, or what it takes. */
function passkeyHint({ usedLast, atHand }: Pick<PasskeyWayProps, "usedLast" | "atHand">): string {
  if (usedLast) return t("login.last_passkey");
  return t(atHand ? "login.passkey_hint" : "login.passkey_anywhere");
}

/** The passkey button, or why there is none. */
export function PasskeyWay({ support, stage, first, onSignIn, ...hint }: PasskeyWayProps) {
  if (support !== "yes")
    return <Notice tone="info">{t(support === "no" ? "login.no_webauthn" : "login.insecure")}</Notice>;
  return (
    <div className="stack stack--tight">
      <Button
        variant={first ? "primary" : "secondary"}
        wide
        busy={stage === "passkey"}
        busyLabel={t("login.passkey_busy")}
        icon={<PasskeyIcon />}
        onClick={onSignIn}
      >
        {t("login.passkey")}
      </Button>
      <p className="small centered">{passkeyHint(hint)}</p>
    </div>
  );
}

type BelowPasswordProps = Pick<PasswordWayProps, "usedLast" | "recoverLink" | "email">;

function BelowPassword({ usedLast, recoverLink, email }: BelowPasswordProps) {
  return (
    <div className="row">
      <span className="small">{usedLast && t("login.last_password")}</span>
      <Link className="link" to={recoverLink} state={{ email }}>
        {t("login.forgot")}
      </Link>
    </div>
  );
}

export type PasswordWayProps = {
  readonly password: string;
  readonly onChange: (password: string) => void;
  readonly error: string | null;
  readonly stage: SignInStage;
  readonly first: boolean;
  readonly usedLast: boolean;
  readonly recoverLink: string;
  readonly email: string;
};

/** The password, its way out, and the button; the form around it is the page's. */
export function PasswordWay({ password, onChange, error, stage, first, ...below }: PasswordWayProps) {
  return (
    <div className="stack stack--tight">
      <PasswordField
        label={t("field.password")}
        name="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={onChange}
        error={error}
      />
      <BelowPassword {...below} />
      <Button
        type="submit"
        variant={first ? "primary" : "secondary"}
        wide
        busy={stage === "password"}
        busyLabel={t("login.password_busy")}
      >
        {t("login.password")}
      </Button>
    </div>
  );
}

export type CodeWayProps = {
  readonly stage: SignInStage;
  readonly first: boolean;
  readonly usedLast: boolean;
  readonly onSend: () => void;
};

/** The code by e-mail. */
export function CodeWay({ stage, first, usedLast, onSend }: CodeWayProps) {
  return (
    <div className="stack stack--tight">
      <Button
        variant={first ? "primary" : "quiet"}
        wide
        busy={stage === "code"}
        busyLabel={t("login.code_busy")}
        onClick={onSend}
      >
        {t("login.code")}
      </Button>
      {usedLast && <p className="small centered">{t("login.last_code")}</p>}
    </div>
  );
}
