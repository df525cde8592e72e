import type { Identity } from "@passbridge/client";
import { Link } from "react-router";
import { CheckIcon, WarningIcon } from "../components/icons.tsx";
import type { KnownEmail } from "../navigation/known-email.ts";
import { t } from "../t.ts";
import { Section } from "./section.tsx";

const VERIFY = "/verify?return_to=%2Faccount";

/** The e-mail address and whether it is confirmed, with the way to do it. */
export function EmailSection({ identity }: { identity: Identity }) {
  const { email, email_verified: verified } = identity;
  const Icon = verified ? CheckIcon : WarningIcon;
  const known: KnownEmail = { email };
  return (
    <Section title={t("account.email")} lead={verified ? "" : t("account.email_why")}>
      <div className="row">
        <div>
          <p className="account__email">{email}</p>
          <p className={verified ? "account__state account__state--good" : "account__state"}>
            <Icon />
            {t(verified ? "account.email_verified" : "account.email_unverified")}
          </p>
        </div>
        {!verified && (
          <Link className="button button--secondary" to={VERIFY} state={known}>
            {t("account.email_verify")}
          </Link>
        )}
      </div>
    </Section>
  );
}
