import { type ReactNode, useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { Button } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { digitsOf } from "../components/code-field.tsx";
import { Page } from "../components/page.tsx";
import { Skeleton } from "../components/skeleton.tsx";
import { type Flow, inputValue, type Verification } from "../kratos/flow.ts";
import { FlowGate } from "../kratos/flow-gate.tsx";
import { type CodeFlow, useCodeFlow } from "../kratos/use-code-flow.ts";
import { useKnownEmail } from "../navigation/known-email.ts";
import { returnToOf, withReturnTo } from "../navigation/return-to.ts";
import { useJourney } from "../register/use-journey.ts";
import { t } from "../t.ts";
import { ChangeAddress } from "./change-address.tsx";
import { useAddress } from "./use-address.ts";
import { useElsewhere } from "./use-elsewhere.ts";
import { useLinkedFlow } from "./use-linked-flow.ts";
import { useSentHere } from "./use-sent-here.ts";
import { Verified, VerifiedElsewhere } from "./verified.tsx";
import { AskAddress, EnterCode } from "./verify-steps.tsx";

type StepsProps = {
  readonly codes: CodeFlow;
  readonly flow: Flow;
  /** Where the person is to be in the end. */
  readonly end: string;
  readonly onDone: () => void;
  readonly onChanged: (verification: Verification) => void;
};

function Steps({ codes, flow, end, onDone, onChanged }: StepsProps) {
  const [query] = useSearchParams();
  const [changing, setChanging] = useState(false);
  const known = useKnownEmail();
  const sent = useSentHere();
  const passed = codes.step === "passed";
  const elsewhere = useElsewhere(codes.named || known, passed);
  if (passed) {
    if (elsewhere) return <VerifiedElsewhere address={codes.address} returnTo={end} />;
    return <Verified address={codes.address} onContinue={onDone} />;
  }
  if (changing) {
    const sendTo = async (email: string) => (await codes.sendMail(email)) && setChanging(false);
    const back = () => setChanging(false);
    return <ChangeAddress address={codes.address} onChanged={onChanged} onSendTo={sendTo} onBack={back} />;
  }
  if (codes.step === "email") {
    if (sent === "confirmed" && !codes.restarted) return <Verified address={codes.address} onContinue={onDone} />;
    return <AskAddress codes={codes} needed={sent === "unconfirmed" && end !== "/account"} />;
  }
  const fromLink = digitsOf(inputValue(flow, "code") || (query.get("code") ?? ""));
  return <EnterCode codes={codes} fromLink={fromLink} elsewhere={elsewhere} onChange={() => setChanging(true)} />;
}

function VerifyFlow({ flowId, later }: { flowId: string | null; later: ReactNode }) {
  const navigate = useNavigate();
  const { goOn, returnTo } = useJourney();
  const [query] = useSearchParams();
  const codes = useCodeFlow("verification", { id: flowId, known: useAddress(), onLeft: () => undefined });
  const signUp: Record<string, string> = query.has("signup") ? { signup: "1" } : {};
  const changed = ({ id, address }: Verification) => {
    const state = { email: address };
    void navigate(withReturnTo("/verify", returnTo, { ...signUp, flow: id }), { replace: true, state });
  };
  return (
    <Card>
      <FlowGate state={codes.state} reload={codes.reload} elsewhere={() => <Skeleton />}>
        {(flow) => {
          const end = returnTo === "/" ? (returnToOf(flow.return_to) ?? returnTo) : returnTo;
          const done = () => goOn("verify", null, end);
          return <Steps codes={codes} flow={flow} end={end} onDone={done} onChanged={changed} />;
        }}
      </FlowGate>
      {codes.step !== null && codes.step !== "passed" && later}
    </Card>
  );
}

/** /verify: the mailed code; by hand, by paste, or by the mail's link on whatever device it is opened. */
export function VerifyPage() {
  const [query] = useSearchParams();
  const { goOn } = useJourney();
  const flowId = query.get("flow");
  const ready = useLinkedFlow(flowId, query.get("code"));
  const later = query.has("signup") && (
    <Button variant="quiet" wide onClick={() => goOn("verify")}>
      {t("verify.later")}
    </Button>
  );
  if (ready) {
    return (
      <Page title={t("verify.title")}>
        <VerifyFlow key={flowId} flowId={flowId} later={later} />
      </Page>
    );
  }
  return (
    <Page title={t("verify.title")}>
      <Card>
        <Skeleton lines={3} />
      </Card>
    </Page>
  );
}
