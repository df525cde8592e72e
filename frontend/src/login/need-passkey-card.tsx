import type { AuthenticatedSession } from "@passbridge/client";
import { Link } from "react-router";
import { Button } from "../components/button.tsx";
import { ButtonLink } from "../components/button-link.tsx";
import { Card } from "../components/card.tsx";
import { PasskeyIcon } from "../components/icons.tsx";
import { Notice } from "../components/notice.tsx";
import { PageHeading } from "../components/page.tsx";
import { HelpItem } from "../components/passkey-help.tsx";
import { WayBack } from "../components/way-back.tsx";
import { withReturnTo } from "../navigation/return-to.ts";
import type { Problem } from "../problems/problem.ts";
import { ProblemNotice } from "../problems/problem-notice.tsx";
import { maybeText, t } from "../t.ts";
import { type SignIn, useSignIn } from "./use-sign-in.ts";

const offerOf = (returnTo: string) => withReturnTo("/register/passkey-offer", returnTo, { required: "1" });

/** Here a password is no way out, so that the usual words would mislead. */
function NeedProblem({ problem }: { problem: Problem | null }) {
  const words = problem && maybeText(`need.problem.${problem.code}`);
  return words ? <Notice tone="info">{words}</Notice> : <ProblemNotice problem={problem} />;
}

function UsePasskey({ signIn }: { signIn: SignIn }) {
  if (signIn.supported !== "yes") return <Notice tone="info">{t("need.unsupported")}</Notice>;
  return (
    <div className="stack stack--tight">
      <Button
        variant="primary"
        wide
        busy={signIn.stage === "passkey"}
        busyLabel={t("login.passkey_busy")}
        icon={<PasskeyIcon />}
        onClick={() => void signIn.signInWithPasskey(null)}
      >
        {t("need.use")}
      </Button>
      <p className="small centered">{t(signIn.atHand ? "login.passkey_hint" : "login.passkey_anywhere")}</p>
    </div>
  );
}

/** For somebody who is signed in, and whose passkeys are out of reach. */
function LostPasskey({ returnTo }: { returnTo: string }) {
  const ways = [
    { to: offerOf(returnTo), label: t("need.create") },
    { to: "/account", label: t("need.account") },
    { to: "/help", label: t("login.lost_help") },
  ];
  return (
    <HelpItem question={t("login.lost")}>
      <p>{t("need.lost_answer")}</p>
      <ul className="plain-list">
        {ways.map(({ to, label }) => (
          <li key={to}>
            <Link className="link" to={to}>
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </HelpItem>
  );
}

export type NeedPasskeyCardProps = { readonly session: AuthenticatedSession; readonly returnTo: string };

/**
 * For somebody signed in without a passkey whose page needs one: it is the only way on, since a password would lead
 * back here. Who came by a recovery code has most likely lost theirs, and is offered a new one at once.
 */
export function NeedPasskeyCard({ session, returnTo }: NeedPasskeyCardProps) {
  const signIn = useSignIn(returnTo, false, true);
  const recovered = session.methods.includes("recovery_code");
  const { email } = session.identity;
  return (
    <Card>
      <PageHeading title={t("need.title")}>{t(recovered ? "need.lead_recovered" : "need.lead", { email })}</PageHeading>
      <div className="stack">
        <NeedProblem problem={signIn.problem} />
        <UsePasskey signIn={signIn} />
        {recovered && (
          <ButtonLink to={offerOf(returnTo)} wide>
            {t("need.create")}
          </ButtonLink>
        )}
        <WayBack />
      </div>
      <LostPasskey returnTo={returnTo} />
    </Card>
  );
}
