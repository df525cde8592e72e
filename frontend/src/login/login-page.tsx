import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState } from "react";
import { Link, Navigate, useSearchParams } from "react-router";
import { Card } from "../components/card.tsx";
import { Notice } from "../components/notice.tsx";
import { Page, PageHeading } from "../components/page.tsx";
import { Skeleton } from "../components/skeleton.tsx";
import { WayBack } from "../components/way-back.tsx";
import { leaveOnce } from "../navigation/leave.ts";
import { withReturnTo } from "../navigation/return-to.ts";
import { useReturnTo } from "../navigation/use-return-to.ts";
import { t } from "../t.ts";
import { LoginForm } from "./login-form.tsx";
import { LostDevice } from "./lost-device.tsx";
import { NeedPasskeyCard } from "./need-passkey-card.tsx";
import { OtherAccountCard } from "./other-account-card.tsx";
import { asksForPasskey, type PasskeyNeed, passkeyNeed } from "./passkey-need.ts";
import { SignedInCard } from "./signed-in-card.tsx";
import { useCodeSignIn } from "./use-code-sign-in.ts";
import { type ExistingSession, useExistingSession } from "./use-existing-session.ts";
import { useSignIn } from "./use-sign-in.ts";

/** Sends somebody who is signed in on to where they wanted to go; true when that would go round in circles. */
function useMoveOn(existing: ExistingSession, stays: boolean, returnTo: string): boolean {
  const [looping, setLooping] = useState(false);
  const signedIn = existing.status === "session";
  useEffect(() => {
    if (signedIn && !stays) setLooping(!leaveOnce(returnTo));
  }, [signedIn, stays, returnTo]);
  return looping && signedIn;
}

/** Apart from the page's own bundle: few need it, and the page stays light. */
const CodeCard = lazy(async () => ({ default: (await import("./code-card.tsx")).CodeCard }));

/** Why somebody who is signed in is asked again. */
function againWords(existing: ExistingSession, need: PasskeyNeed | null): string {
  if (need === "more") return t("need.more_lead");
  if (existing.status !== "session") return t("login.again_lead");
  const { methods, passkeys } = existing.session;
  const missing = passkeys.enforcement === "required" && !methods.includes("passkey");
  return t(missing ? "login.passkey_required_lead" : "login.again_lead");
}

function headingOf(again: boolean, need: PasskeyNeed | null): string {
  if (need === "more") return t("need.more_title");
  return t(again ? "login.again_title" : "login.title");
}

type LoginCardProps = {
  readonly existing: ExistingSession;
  readonly again: boolean;
  readonly need: PasskeyNeed | null;
  readonly returnTo: string;
};

function NewHere({ returnTo }: { returnTo: string }) {
  return (
    <p className="row">
      <span>{t("login.new_here")}</span>
      <Link className="link" to={withReturnTo("/register", returnTo)}>
        {t("login.create")}
      </Link>
    </p>
  );
}

function LoginCard({ existing, again, need, returnTo }: LoginCardProps) {
  const [query] = useSearchParams();
  const [typed, setTyped] = useState<string | null>(null);
  // Only who is signed in can be asked again; a session that ended meanwhile needs an ordinary sign-in.
  const stepUp = again && existing.status === "session";
  const known = stepUp ? existing.session.identity.email : "";
  const decided = existing.status === "none" || existing.status === "undecided";
  const signIn = useSignIn(returnTo, decided || stepUp, stepUp);
  const code = useCodeSignIn(signIn, stepUp);
  const email = typed ?? known;
  if (code.sentTo !== null)
    return (
      <Suspense fallback={<Skeleton />}>
        <CodeCard code={code} email={code.sentTo} />
      </Suspense>
    );
  return (
    <Card>
      <PageHeading title={headingOf(again, need)}>{again && againWords(existing, need)}</PageHeading>
      <LoginForm
        signIn={signIn}
        code={code}
        returnTo={returnTo}
        flowId={query.get("flow")}
        again={stepUp}
        email={email}
        onEmail={setTyped}
      />
      {stepUp ? <WayBack /> : <NewHere returnTo={returnTo} />}
      <LostDevice returnTo={returnTo} email={email} />
    </Card>
  );
}

type Visit = {
  readonly existing: ExistingSession;
  readonly returnTo: string;
  /** A fresh sign-in of somebody who is signed in already. */
  readonly again: boolean;
  /** What a page that needs a passkey waits for; null where none does. */
  readonly need: PasskeyNeed | null;
  /** Somebody else wants to sign in. */
  readonly other: boolean;
};

function useVisit(): Visit {
  const [query] = useSearchParams();
  const returnTo = useReturnTo();
  const existing = useExistingSession();
  const asked = query.has("reauthenticate") || query.get("refresh") === "true";
  const need = asksForPasskey(query) && existing.status === "session" ? passkeyNeed(existing.session) : null;
  return { existing, returnTo, again: asked && need !== "nothing", need, other: query.has("other") };
}

function SignIn({ visit, looping }: { visit: Visit; looping: boolean }) {
  const { existing, returnTo, again, need, other } = visit;
  const queries = useQueryClient();
  const signedOut = () => queries.setQueryData(["session"], { authenticated: false });
  if (existing.status === "asking" && (again || other)) return <Skeleton lines={4} />;
  if (existing.status !== "session") return <LoginCard {...visit} />;
  const { session } = existing;
  const { email } = session.identity;
  if (looping) return <SignedInCard email={email} returnTo={returnTo} onSignedOut={signedOut} />;
  if (other) return <OtherAccountCard email={email} onSignedOut={signedOut} />;
  if (again && need === "use") return <NeedPasskeyCard session={session} returnTo={returnTo} />;
  if (again && need === "add")
    return <Navigate replace to={withReturnTo("/register/passkey-offer", returnTo, { required: "1" })} />;
  return <LoginCard existing={existing} again={again} need={need} returnTo={returnTo} />;
}

/** /login: passkey first, password beside it, a code by e-mail where that is on; and what a page needs beyond that. */
export function LoginPage() {
  const visit = useVisit();
  const looping = useMoveOn(visit.existing, visit.again || visit.other, visit.returnTo);
  return (
    <Page title={t("login.title")}>
      <SignIn visit={visit} looping={looping} />
      {visit.existing.status === "undecided" && <Notice tone="warning">{t("problem.outage_retrying")}</Notice>}
    </Page>
  );
}
