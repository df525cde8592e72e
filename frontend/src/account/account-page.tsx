import "./account.css";
import "./account-texts.ts";
import type { AuthenticatedSession } from "@passbridge/client";
import { type SessionState, useSession } from "@passbridge/client/react";
import { useEffect } from "react";
import { useLocation, useSearchParams } from "react-router";
import { ButtonLink } from "../components/button-link.tsx";
import { Card } from "../components/card.tsx";
import { Notice } from "../components/notice.tsx";
import { Page, PageHeading } from "../components/page.tsx";
import { Skeleton } from "../components/skeleton.tsx";
import { leaveOnce } from "../navigation/leave.ts";
import { withReturnTo } from "../navigation/return-to.ts";
import { RecoveryCodesSection } from "../recovery-codes/recovery-codes-section.tsx";
import { SessionsSection } from "../sessions/sessions-section.tsx";
import { t } from "../t.ts";
import { EmailSection } from "./email-section.tsx";
import { PasskeysSection } from "./passkeys-section.tsx";
import { PasswordSection } from "./password-section.tsx";
import { useAnchor } from "./use-anchor.ts";

type Refresh = SessionState["refresh"];

function Sections({ session, refresh }: { session: AuthenticatedSession; refresh: Refresh }) {
  const [query, setQuery] = useSearchParams();
  useAnchor();
  // A flow is for once: after a reload it would be over.
  const passwordSaved = () => {
    setQuery({}, { replace: true });
    void refresh();
  };
  return (
    <>
      <PasskeysSection identity={session.identity} />
      <PasswordSection session={session} flowId={query.get("flow")} onSaved={passwordSaved} />
      <RecoveryCodesSection email={session.identity.email} />
      <SessionsSection session={session} refresh={refresh} />
      <EmailSection identity={session.identity} />
    </>
  );
}

/** For nobody: on to sign-in by itself, with a link should that go round in circles. */
function SignedOut() {
  const [query] = useSearchParams();
  const { hash } = useLocation();
  const flow = query.get("flow");
  const signIn = withReturnTo("/login", `/account${flow ? `?flow=${encodeURIComponent(flow)}` : ""}${hash}`);
  useEffect(() => void leaveOnce(signIn), [signIn]);
  return (
    <Card>
      <Notice tone="info" action={<ButtonLink to={signIn}>{t("common.to_sign_in")}</ButtonLink>}>
        {t("account.gone")}
      </Notice>
    </Card>
  );
}

function Waiting({ unknown }: { unknown: boolean }) {
  return (
    <Card>{unknown ? <Notice tone="warning">{t("problem.outage_retrying")}</Notice> : <Skeleton lines={4} />}</Card>
  );
}

/** /account: passkeys first, then the password, the ways back in, where one is signed in, and the e-mail. */
export function AccountPage() {
  const { status, session, stale, refresh } = useSession();
  return (
    <Page title={t("account.title")} wide>
      <div className="row">
        <PageHeading title={t("account.title")}>{session?.identity.email}</PageHeading>
        <a className="link" href="/">
          {t("account.back")}
        </a>
      </div>
      {session && stale && <Notice tone="warning">{t("problem.outage_signed_in")}</Notice>}
      {session && <Sections session={session} refresh={refresh} />}
      {status === "anonymous" && <SignedOut />}
      {(status === "loading" || status === "unknown") && <Waiting unknown={status === "unknown"} />}
    </Page>
  );
}
