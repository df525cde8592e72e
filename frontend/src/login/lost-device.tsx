import { Link } from "react-router";
import { HelpItem } from "../components/passkey-help.tsx";
import { withReturnTo } from "../navigation/return-to.ts";
import { t } from "../t.ts";

/** The ways back for those whose passkey is gone, folded away. */
export function LostDevice({ returnTo, email }: { returnTo: string; email: string }) {
  const ways = [
    { to: withReturnTo("/recover", returnTo), label: t("login.lost_recover") },
    { to: withReturnTo("/recover/recovery-code", returnTo), label: t("login.lost_code") },
    { to: "/help", label: t("login.lost_help") },
  ];
  return (
    <HelpItem question={t("login.lost")}>
      <p>{t("login.lost_answer")}</p>
      <ul className="plain-list">
        {ways.map(({ to, label }) => (
          <li key={to}>
            <Link className="link" to={to} state={{ email }}>
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </HelpItem>
  );
}
