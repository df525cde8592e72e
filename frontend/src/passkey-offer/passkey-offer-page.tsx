import type { ReactNode } from "react";
import { Button } from "../components/button.tsx";
import { ButtonLink } from "../components/button-link.tsx";
import { Card } from "../components/card.tsx";
import { Notice } from "../components/notice.tsx";
import { Page, PageHeading } from "../components/page.tsx";
import { PasskeyHelp } from "../components/passkey-help.tsx";
import { PasskeyHero } from "../components/passkey-hero.tsx";
import { Skeleton } from "../components/skeleton.tsx";
import { useAction } from "../components/use-action.ts";
import { WayBack } from "../components/way-back.tsx";
import { useSignOut } from "../login/use-sign-out.ts";
import { leave } from "../navigation/leave.ts";
import { withReturnTo } from "../navigation/return-to.ts";
import { webAuthnSupport } from "../passkeys/webauthn-support.ts";
import { needsSignIn, type Problem } from "../problems/problem.ts";
import { ProblemNotice } from "../problems/problem-notice.tsx";
import { t } from "../t.ts";
import { useOffer } from "./use-offer.ts";

type RequiredProps = { readonly by: "policy" | "page"; readonly haveOne: string | null; readonly children: ReactNode };

/** Where there must be one: why there is no "Not now", and the other ways: the one they have, and out. */
function Required({ by, haveOne, children }: RequiredProps) {
  const { signOut, busy, problem } = useSignOut(() => leave("/login"));
  return (
    <div className="stack">
      {webAuthnSupport() === "yes" && (
        <Notice tone="info">{t(by === "page" ? "offer.needed" : "offer.required")}</Notice>
      )}
      {children}
      <ProblemNotice problem={problem} />
      {haveOne !== null && (
        <ButtonLink to={haveOne} variant="quiet" wide>
          {t("offer.have_one")}
        </ButtonLink>
      )}
      {by === "page" && <WayBack />}
      <Button variant="quiet" wide busy={busy} onClick={() => void signOut()}>
        {t("offer.sign_out")}
      </Button>
    </div>
  );
}

/** A sign-in that is missing or too old leads to a fresh one, and from there on: to the account, or back to here. */
function signInFirst(problem: Problem, back: string): boolean {
  if (!needsSignIn(problem)) return false;
  const again: Record<string, string> = problem.code === "unauthenticated" ? {} : { reauthenticate: "1" };
  leave(withReturnTo("/login", back, again));
  return true;
}

function Offer() {
  const { known, required, haveOne, returnTo, accept, decline } = useOffer();
  const [created] = useAction(accept);
  const [skip] = useAction(decline);
  if (!known) return <Skeleton lines={4} />;
  const hero = (
    <PasskeyHero
      headingElement={<PageHeading title={t("hero.title")} />}
      onCreated={() => void created()}
      {...(required
        ? { unsupported: t(required === "page" ? "offer.needed_unsupported" : "offer.required_unsupported") }
        : { onSkip: () => void skip() })}
      onProblem={(problem) => signInFirst(problem, required ? returnTo : "/account")}
    />
  );
  if (!required) return hero;
  return (
    <Required by={required} haveOne={haveOne}>
      {hero}
    </Required>
  );
}

/** /register/passkey-offer: a passkey after the sign-up or a sign-in; "Not now" is as good an answer where it may be. */
export function PasskeyOfferPage() {
  return (
    <Page title={t("hero.title")}>
      <Card>
        <Offer />
        <PasskeyHelp />
      </Card>
    </Page>
  );
}
