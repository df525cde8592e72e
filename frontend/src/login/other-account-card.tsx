import { Button } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { PageHeading } from "../components/page.tsx";
import { WayBack } from "../components/way-back.tsx";
import { ProblemNotice } from "../problems/problem-notice.tsx";
import { t } from "../t.ts";
import { useSignOut } from "./use-sign-out.ts";

export type OtherAccountCardProps = { readonly email: string; readonly onSignedOut: () => void };

/** For somebody who is signed in and wants to be somebody else: nobody is signed out by following a link. */
export function OtherAccountCard({ email, onSignedOut }: OtherAccountCardProps) {
  const { signOut, busy, problem } = useSignOut(onSignedOut);
  return (
    <Card>
      <PageHeading title={t("login.other_title")}>{t("login.other_lead", { email })}</PageHeading>
      <ProblemNotice problem={problem} />
      <div className="stack">
        <Button variant="primary" wide busy={busy} onClick={() => void signOut()}>
          {t("login.other_sign_out")}
        </Button>
        <WayBack />
      </div>
    </Card>
  );
}
