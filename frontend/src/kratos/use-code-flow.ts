import { useEffect, useState } from "react";
import type { Problem } from "../problems/problem.ts";
import { type Flow, inputValue } from "./flow.ts";
import { fieldError, flowErrors } from "./messages.ts";
import { type Submitted, useFlow } from "./use-flow.ts";

export type CodeFlowKind = "verification" | "recovery";

export type CodeFlowOptions = {
  readonly id: string | null;
  /** The address, as far as it is known from elsewhere; Kratos does not always name it. */
  readonly known: string;
  /** Takes what leads out of the flow: a redirect, a session that is there already, a continuation. */
  readonly onLeft: (answer: Submitted) => void;
};

/** Which step of a code flow is due: the address, the code, or none any more. */
export type CodeStepName = "email" | "code" | "passed";

function stepOf(flow: Flow, otherAddress: boolean): CodeStepName {
  if (flow.state === "passed_challenge") return "passed";
  return flow.state === "sent_email" && !otherAddress ? "code" : "email";
}

/**
 * A flow of Kratos that mails a code: verification and recovery are alike up to what follows.
 */
export function useCodeFlow(kind: CodeFlowKind, { id, known, onLeft }: CodeFlowOptions) {
  const { state, submit, reload } = useFlow(kind, { id });
  const [problem, setProblem] = useState<Problem | null>(null);
  const [refusals, setRefusals] = useState(0);
  const [restarted, setRestarted] = useState(false);
  const [otherAddress, setOtherAddress] = useState(false);
  const [sentTo, setSentTo] = useState("");
  const flow = state.status === "ready" ? state.flow : null;

  // The flow of the address was over: Kratos gave a new one, which knows neither address nor code.
  const replaced = id !== null && flow !== null && flow.id !== id && flow.state === "choose_method";
  useEffect(() => {
    if (replaced) setRestarted(true);
  }, [replaced]);

  const read = (answer: Submitted): boolean => {
    if (answer.kind === "flow" && !answer.refused) return true;
    if (answer.kind === "restarted") setRestarted(true);
    else if (answer.kind === "failed") setProblem(answer.problem);
    else if (answer.kind !== "flow") onLeft(answer);
    if (answer.kind === "flow" || answer.kind === "failed") setRefusals((count) => count + 1);
    return false;
  };
  const send = async (values: Readonly<Record<string, string>>) => {
    setProblem(null);
    setRestarted(false);
    const answer = await submit({ method: "code", ...values });
    const accepted = read(answer);
    if (accepted && answer.kind === "flow" && answer.flow.continue_with)
      onLeft({ ...answer, kind: "done", result: answer.flow });
    return accepted;
  };
  const sendMail = async (email: string) => {
    setSentTo(email);
    const sent = await send({ email });
    if (sent) setOtherAddress(false);
    return sent;
  };
  const errors = flowErrors(flow, ["code", "email"]);
  return {
    state,
    reload,
    problem,
    refusals,
    restarted,
    address: (flow && inputValue(flow, "email")) || sentTo || known,
    step: flow ? stepOf(flow, otherAddress) : null,
    error: fieldError(flow, "code") ?? fieldError(flow, "email") ?? errors[0] ?? null,
    sendMail,
    sendCode: (code: string) => send({ code }),
    changeAddress: () => setOtherAddress(true),
  };
}

export type CodeFlow = ReturnType<typeof useCodeFlow>;
