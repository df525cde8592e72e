import { type ReactNode, useState } from "react";
import { Link, useSearchParams } from "react-router";
import { FlowGate } from "../kratos/flow-gate.tsx";
import { useCodeFlow } from "../kratos/use-code-flow.ts";
import { type KnownEmail, useKnownEmail } from "../navigation/known-email.ts";
import { withReturnTo } from "../navigation/return-to.ts";
import { useReturnTo } from "../navigation/use-return-to.ts";
import { t } from "../t.ts";
import { AskEmail, EnterRecoveryCode } from "./code-steps.tsx";
import { settingsFlowOf } from "./settings-flow-of.ts";

export type CodePartProps = {
  /** What brought the person here. */
  readonly notice: ReactNode;
  /** In the place of it all, for somebody who is signed in already. */
  readonly signedIn: ReactNode;
  readonly onRecovered: (settingsFlow: string | null) => void;
};

function OtherWays({ email }: { email: string }) {
  const returnTo = useReturnTo();
  const known: KnownEmail = { email };
  return (
    <div>
      <p className="row">
        <span>{t("recover.have_code")}</span>
        <Link className="link" to={withReturnTo("/recover/recovery-code", returnTo)} state={known}>
          {t("recovery_code.link")}
        </Link>
      </p>
      <p className="row">
        <span>{t("recover.remember")}</span>
        <Link className="link" to={withReturnTo("/login", returnTo)}>
          {t("common.to_sign_in")}
        </Link>
      </p>
    </div>
  );
}

/** Address and code, with the other ways in below. */
export function CodePart({ notice, signedIn, onRecovered }: CodePartProps) {
  const [query] = useSearchParams();
  const [already, setAlready] = useState(false);
  const codes = useCodeFlow("recovery", {
    id: query.get("flow"),
    known: useKnownEmail(),
    onLeft: (answer) => (answer.kind === "signed_in" ? setAlready(true) : onRecovered(settingsFlowOf(answer))),
  });
  if (already || codes.state.status === "elsewhere") return signedIn;
  return (
    <>
      {codes.step === "email" && notice}
      <FlowGate state={codes.state} reload={codes.reload} elsewhere={() => signedIn}>
        {() => (codes.step === "email" ? <AskEmail codes={codes} /> : <EnterRecoveryCode codes={codes} />)}
      </FlowGate>
      {codes.state.status !== "loading" && <OtherWays email={codes.address} />}
    </>
  );
}
