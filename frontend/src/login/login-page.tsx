import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Link, useSearchParams } from "react-router";
import { Card } from "../components/card.tsx";
import { Notice } from "../components/notice.tsx";
import { Page, PageHeading } from "../components/page.tsx";
import { leaveOnce } from "../navigation/leave.ts";
import { withReturnTo } from "../navigation/return-to.ts";
import { useReturnTo } from "../navigation/use-return-to.ts";
import { t } from "../t.ts";
import { LoginForm } from "./login-form.tsx";
import { SignedInCard } from "./signed-in-card.tsx";
import { type ExistingSession, useExistingSession } from "./use-existing-session.ts";
import { useSignIn } from "./use-sign-in.ts";

/** Sends somebody who is signed in on to where they wanted to go; true when that would go round in circles. */
function useMoveOn(existing: ExistingSession, again: boolean, returnTo: string): boolean {
  const [looping, setLooping] = useState(false);
  const signedIn = existing.status === "session";
  useEffect(() => {
    if (signedIn && !again) setLooping(!leaveOnce(returnTo));
  }, [signedIn, again, returnTo]);
  return looping && signedIn;
}

/** /login: passkey first, password beside it. */
export function LoginPage() {
  const [query] = useSearchParams();
  const returnTo = useReturnTo();
  const again = query.has("reauthenticate") || query.get("refresh") === "true";
  const existing = useExistingSession();
  const looping = useMoveOn(existing, again, returnTo);
  const known = again && existing.status === "session" ? existing.session.identity.email : "";
  const [typed, setTyped] = useState<string | null>(null);
  const mayAsk =
    existing.status === "none" || existing.status === "undecided" || (again && existing.status === "session");
  const signIn = useSignIn(returnTo, mayAsk, again);
  const queries = useQueryClient();
  const title = t(again ? "login.again_title" : "login.title");

  if (looping && existing.status === "session") {
    const signedOut = () => queries.setQueryData(["session"], { authenticated: false });
    return (
      <Page title={t("login.signed_in_title")}>
        <SignedInCard email={existing.session.identity.email} returnTo={returnTo} onSignedOut={signedOut} />
      </Page>
    );
  }
  return (
    <Page title={title}>
      <Card>
        <PageHeading title={title}>{again && t("login.again_lead")}</PageHeading>
        <LoginForm
          signIn={signIn}
          returnTo={returnTo}
          flowId={query.get("flow")}
          again={again}
          email={typed ?? known}
          onEmail={setTyped}
        />
        <p className="row">
          <span>{t("login.new_here")}</span>
          <Link className="link" to={withReturnTo("/register", returnTo)}>
            {t("login.create")}
          </Link>
        </p>
      </Card>
      {existing.status === "undecided" && <Notice tone="warning">{t("problem.outage_retrying")}</Notice>}
    </Page>
  );
}
