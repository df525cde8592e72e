import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState } from "react";
import { Link, useSearchParams } from "react-router";
import { Card } from "../components/card.tsx";
import { Notice } from "../components/notice.tsx";
import { Page, PageHeading } from "../components/page.tsx";
import { Skeleton } from "../components/skeleton.tsx";
import { leaveOnce } from "../navigation/leave.ts";
import { withReturnTo } from "../navigation/return-to.ts";
import { useReturnTo } from "../navigation/use-return-to.ts";
import { t } from "../t.ts";
import { LoginForm } from "./login-form.tsx";
import { LostDevice } from "./lost-device.tsx";
import { SignedInCard } from "./signed-in-card.tsx";
import { useCodeSignIn } from "./use-code-sign-in.ts";
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

/** Apart from the page's own bundle: few need it, and the page stays light. */
const CodeCard = lazy(async () => ({ default: (await import("./code-card.tsx")).CodeCard }));

/** Why somebody who is signed in is asked again. */
function againWords(existing: ExistingSession): string {
  if (existing.status !== "session") return t("login.again_lead");
  const { methods, passkeys } = existing.session;
  const missing = passkeys.enforcement === "required" && !methods.includes("passkey");
  return t(missing ? "login.passkey_required_lead" : "login.again_lead");
}

type LoginCardProps = { readonly existing: ExistingSession; readonly again: boolean; readonly returnTo: string };

function LoginCard({ existing, again, returnTo }: LoginCardProps) {
  const [query] = useSearchParams();
  const [typed, setTyped] = useState<string | null>(null);
  const known = again && existing.status === "session" ? existing.session.identity.email : "";
  const decided = existing.status === "none" || existing.status === "undecided";
  const signIn = useSignIn(returnTo, decided || (again && existing.status === "session"), again);
  const code = useCodeSignIn(signIn, again);
  const email = typed ?? known;
  if (code.sentTo !== null)
    return (
      <Suspense fallback={<Skeleton />}>
        <CodeCard code={code} email={code.sentTo} />
      </Suspense>
    );
  return (
    <Card>
      <PageHeading title={t(again ? "login.again_title" : "login.title")}>{again && againWords(existing)}</PageHeading>
      <LoginForm
        signIn={signIn}
        code={code}
        returnTo={returnTo}
        flowId={query.get("flow")}
        again={again}
        email={email}
        onEmail={setTyped}
      />
      <p className="row">
        <span>{t("login.new_here")}</span>
        <Link className="link" to={withReturnTo("/register", returnTo)}>
          {t("login.create")}
        </Link>
      </p>
      <LostDevice returnTo={returnTo} email={email} />
    </Card>
  );
}

/** /login: passkey first, password beside it, a code by e-mail where that is on. */
export function LoginPage() {
  const [query] = useSearchParams();
  const returnTo = useReturnTo();
  const again = query.has("reauthenticate") || query.get("refresh") === "true";
  const existing = useExistingSession();
  const looping = useMoveOn(existing, again, returnTo);
  const queries = useQueryClient();
  const signedOut = () => queries.setQueryData(["session"], { authenticated: false });
  const stays = looping && existing.status === "session" ? existing.session.identity : null;
  return (
    <Page title={t("login.title")}>
      {stays ? (
        <SignedInCard email={stays.email} returnTo={returnTo} onSignedOut={signedOut} />
      ) : (
        <LoginCard existing={existing} again={again} returnTo={returnTo} />
      )}
      {existing.status === "undecided" && <Notice tone="warning">{t("problem.outage_retrying")}</Notice>}
    </Page>
  );
}
