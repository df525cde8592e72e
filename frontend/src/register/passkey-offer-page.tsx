import { Card } from "../components/card.tsx";
import { Page, PageHeading } from "../components/page.tsx";
import { PasskeyHelp } from "../components/passkey-help.tsx";
import { PasskeyHero } from "../components/passkey-hero.tsx";
import { leave } from "../navigation/leave.ts";
import { withReturnTo } from "../navigation/return-to.ts";
import { needsSignIn, type Problem } from "../problems/problem.ts";
import { t } from "../t.ts";
import { useJourney } from "./use-journey.ts";

/** /register/passkey-offer: after the sign-up, a passkey is offered once; "Not now" is as good an answer. */
export function PasskeyOfferPage() {
  const { goOn } = useJourney();
  const signInFirst = (problem: Problem) => {
    if (!needsSignIn(problem)) return false;
    const again: Record<string, string> = problem.code === "unauthenticated" ? {} : { reauthenticate: "1" };
    leave(withReturnTo("/login", "/account", again));
    return true;
  };
  return (
    <Page title={t("hero.title")}>
      <Card>
        <PasskeyHero
          headingElement={<PageHeading title={t("hero.title")} />}
          onCreated={() => goOn("passkey")}
          onSkip={() => goOn("passkey")}
          onProblem={signInFirst}
        />
        <PasskeyHelp />
      </Card>
    </Page>
  );
}
