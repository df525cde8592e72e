import { useState } from "react";
import { Link, Navigate, useSearchParams } from "react-router";
import { FlowGate } from "../kratos/flow-gate.tsx";
import { useCodeFlow } from "../kratos/use-code-flow.ts";
import { useKnownEmail } from "../navigation/known-email.ts";
import { withReturnTo } from "../navigation/return-to.ts";
import { useReturnTo } from "../navigation/use-return-to.ts";
import { t } from "../t.ts";
import { AskEmail, EnterRecoveryCode } from "./code-steps.tsx";
import { settingsFlowOf } from "./settings-flow-of.ts";

/** Address and code; somebody who is signed in already changes the password in the account instead. */
export function CodePart({ onRecovered }: { onRecovered: (settingsFlow: string | null) => void }) {
  const [query] = useSearchParams();
  const returnTo = useReturnTo();
  const [signedIn, setSignedIn] = useState(false);
  const codes = useCodeFlow("recovery", {
    id: query.get("flow"),
    known: useKnownEmail(),
    onLeft: (answer) => (answer.kind === "signed_in" ? setSignedIn(true) : onRecovered(settingsFlowOf(answer))),
  });
  const account = <Navigate to="/account" replace />;
  if (signedIn) return account;
  return (
    <>
      <FlowGate state={codes.state} reload={codes.reload} elsewhere={() => account}>
        {() => (codes.step === "email" ? <AskEmail codes={codes} /> : <EnterRecoveryCode codes={codes} />)}
      </FlowGate>
      {codes.state.status !== "loading" && (
        <p className="row">
          <span>{t("recover.remember")}</span>
          <Link className="link" to={withReturnTo("/login", returnTo)}>
            {t("common.to_sign_in")}
          </Link>
        </p>
      )}
    </>
  );
}
