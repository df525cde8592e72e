import { Button } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { PageHeading } from "../components/page.tsx";
import { leave } from "../navigation/leave.ts";
import { ProblemNotice } from "../problems/problem-notice.tsx";
import { t } from "../t.ts";
import { useSignOut } from "./use-sign-out.ts";

export type SignedInCardProps = {
  readonly email: string;
  readonly returnTo: string;
  readonly onSignedOut: () => void;
};

/** For somebody who is signed in and was sent back here all the same: a way on and a way out, but no loop. */
export function SignedInCard({ email, returnTo, onSignedOut }: SignedInCardProps) {
  const { signOut, busy, problem } = useSignOut(onSignedOut);
  return (
    <Card>
      <PageHeading title={t("login.signed_in_title")}>{t("login.signed_in_as", { email })}</PageHeading>
      <ProblemNotice problem={problem} />
      <div className="stack">
        <Button variant="primary" wide onClick={() => leave(returnTo)}>
          {t("common.continue")}
        </Button>
        <Button variant="quiet" wide busy={busy} onClick={() => void signOut()}>
          {t("login.sign_out")}
        </Button>
      </div>
    </Card>
  );
}
