import { useState } from "react";
import { Navigate, useSearchParams } from "react-router";
import { Card } from "../components/card.tsx";
import { Notice } from "../components/notice.tsx";
import { Page } from "../components/page.tsx";
import { t } from "../t.ts";
import { AfterRecovery } from "./after-recovery.tsx";
import { CodePart } from "./code-part.tsx";
import { NewPassword } from "./new-password.tsx";

type Step =
  | { readonly name: "code" }
  | { readonly name: "password"; readonly flowId: string | null }
  | { readonly name: "after" };

/** /recover: e-mail, code, a new password, and what follows; each step but the code may be skipped. */
export function RecoverPage() {
  const [query] = useSearchParams();
  const [step, setStep] = useState<Step>({ name: "code" });
  // The link of a mail that told of a change.
  const notMe = query.get("reason") === "not_me";
  return (
    <Page title={t("recover.title")}>
      <Card>
        {step.name === "code" && (
          <CodePart
            notice={notMe && <Notice tone="warning">{t("recover.not_me")}</Notice>}
            signedIn={notMe ? <AfterRecovery from="lost" /> : <Navigate to="/account" replace />}
            onRecovered={(flowId) => setStep({ name: "password", flowId })}
          />
        )}
        {step.name === "password" && <NewPassword flowId={step.flowId} onDone={() => setStep({ name: "after" })} />}
        {step.name === "after" && <AfterRecovery from="passkey" />}
      </Card>
    </Page>
  );
}
