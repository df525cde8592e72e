import { useSession } from "@passbridge/client/react";
import { useEffect } from "react";
import { Button } from "../components/button.tsx";
import { ButtonLink } from "../components/button-link.tsx";
import { Card } from "../components/card.tsx";
import { Notice } from "../components/notice.tsx";
import { Page, PageHeading } from "../components/page.tsx";
import { Skeleton } from "../components/skeleton.tsx";
import { leave, leaveOnce } from "../navigation/leave.ts";
import { withReturnTo } from "../navigation/return-to.ts";
import { useReturnTo } from "../navigation/use-return-to.ts";
import { ProblemNotice } from "../problems/problem-notice.tsx";
import { t } from "../t.ts";
import { CodeState } from "./code-state.tsx";
import { MakeCodes } from "./make-codes.tsx";
import { NewCodes } from "./new-codes.tsx";
import { StateProblem } from "./state-problem.tsx";
import { useRecoveryCodes } from "./use-recovery-codes.ts";

/** For nobody: on to sign-in by itself and back here, with a link should that go round in circles. */
function SignedOut({ returnTo }: { returnTo: string }) {
  const signIn = withReturnTo("/login", withReturnTo("/recovery-codes", returnTo));
  useEffect(() => void leaveOnce(signIn), [signIn]);
  return (
    <Notice tone="info" action={<ButtonLink to={signIn}>{t("common.to_sign_in")}</ButtonLink>}>
      {t("problem.unauthenticated")}
    </Notice>
  );
}

/** The offer; to somebody who has codes it says how many, and to go on is as good as to make new ones. */
function RecoveryCodesOffer({ email, goOn }: { email: string; goOn: () => void }) {
  const { codes, state, problem, reload, create, busy, refused, dialog } = useRecoveryCodes();
  if (codes)
    return (
      <>
        <PageHeading title={t("recovery_codes.save_title")}>{t("recovery_codes.save_lead")}</PageHeading>
        <NewCodes codes={codes} email={email} onSaved={goOn} />
      </>
    );
  const has = state !== undefined && state.remaining > 0;
  const make = state && (
    <MakeCodes
      key="make"
      remaining={state.remaining}
      create={create}
      busy={busy}
      wide
      variant={has ? "secondary" : "primary"}
    />
  );
  const on = (
    <Button key="on" variant={has ? "primary" : "quiet"} wide onClick={goOn}>
      {t(has ? "common.continue" : "hero.not_now")}
    </Button>
  );
  return (
    <>
      <PageHeading title={t("recovery_codes.offer_title")}>{t("recovery_codes.offer_lead")}</PageHeading>
      {!state && !problem && <Skeleton />}
      {problem && <StateProblem problem={problem} reload={reload} />}
      {state?.created_at && <CodeState state={state} />}
      <ProblemNotice problem={refused} />
      <div className="stack">{has ? [on, make] : [make, on]}</div>
      {dialog}
    </>
  );
}

/** /recovery-codes: after the first passkey, recovery codes are offered; "Not now" is as good an answer. */
export function RecoveryCodesPage() {
  const { status, session } = useSession();
  const returnTo = useReturnTo();
  return (
    <Page title={t("recovery_codes.title")}>
      <Card>
        {session && <RecoveryCodesOffer email={session.identity.email} goOn={() => leave(returnTo)} />}
        {!session && <PageHeading title={t("recovery_codes.title")} />}
        {status === "anonymous" && <SignedOut returnTo={returnTo} />}
        {status === "unknown" && <Notice tone="warning">{t("problem.outage_retrying")}</Notice>}
        {status === "loading" && <Skeleton />}
      </Card>
    </Page>
  );
}
