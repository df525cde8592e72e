import { useState } from "react";
import { Link } from "react-router";
import { Card } from "../components/card.tsx";
import { Notice } from "../components/notice.tsx";
import { Page, PageHeading } from "../components/page.tsx";
import { withReturnTo } from "../navigation/return-to.ts";
import { useReturnTo } from "../navigation/use-return-to.ts";
import { t } from "../t.ts";
import { AfterRecovery } from "./after-recovery.tsx";
import { RecoveryCodeForm } from "./recovery-code-form.tsx";

/** /recover/recovery-code: one of the saved codes signs in, and what follows is as after any recovery. */
export function RecoveryCodePage() {
  const [signedIn, setSignedIn] = useState(false);
  const byMail = withReturnTo("/recover", useReturnTo());
  return (
    <Page title={t("recovery_code.title")}>
      <Card>
        {signedIn ? (
          <AfterRecovery from="passkey" notice={<Notice tone="success">{t("recovery_code.done")}</Notice>} />
        ) : (
          <>
            <PageHeading title={t("recovery_code.title")}>{t("recovery_code.lead")}</PageHeading>
            <RecoveryCodeForm onSignedIn={() => setSignedIn(true)} />
            <p className="row">
              <span>{t("recovery_code.none")}</span>
              <Link className="link" to={byMail}>
                {t("recovery_code.by_mail")}
              </Link>
            </p>
          </>
        )}
      </Card>
    </Page>
  );
}
