import { useEffect, useRef, useState } from "react";
import type { Problem } from "../problems/problem.ts";
import { type Flow, inputValue } from "./flow.ts";
import { fieldError, flowErrors } from "./messages.ts";
import type { Submitted } from "./run-flow.ts";
import { useFlow } from "./use-flow.ts";

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

/** What the last submission left behind. */
type Outcome = { readonly problem: Problem | null; readonly restarted: boolean };

const FRESH: Outcome = { problem: null, restarted: false };

function stepOf(flow: Flow, otherAddress: boolean): CodeStepName {
  if (flow.state === "passed_challenge") return "passed";
  return flow.state === "sent_email" && !otherAddress ? "code" : "email";
}

function errorOf(flow: Flow | null): string | null {
  return fieldError(flow, "code") ?? fieldError(flow, "email") ?? flowErrors(flow, ["code", "email"])[0] ?? null;
}

/** Where an accepted submission leads out of the flow, that answer; null where the flow just goes on. */
function exitOf(answer: Submitted): Submitted | null {
  if (answer.kind === "failed" || answer.kind === "restarted") return null;
  if (answer.kind !== "flow") return answer;
  const next = answer.flow.continue_with;
  return next && !answer.refused ? { kind: "done", result: { continue_with: next } } : null;
}

/** Submits to the flow and keeps what came of it. */
function useSubmission(kind: CodeFlowKind, { id, onLeft }: CodeFlowOptions) {
  const { state, submit, reload } = useFlow(kind, { id });
  const [outcome, setOutcome] = useState(FRESH);
  const [refusals, setRefusals] = useState(0);
  const send = async (values: Readonly<Record<string, string>>): Promise<boolean> => {
    setOutcome(FRESH);
    const answer = await submit({ method: "code", ...values });
    const accepted = answer.kind === "flow" && !answer.refused;
    const exit = exitOf(answer);
    if (exit) onLeft(exit);
    else if (!accepted) {
      const problem = answer.kind === "failed" ? answer.problem : null;
      setOutcome({ problem, restarted: answer.kind === "restarted" });
      setRefusals((count) => count + 1);
    }
    return accepted;
  };
  return { state, reload, outcome, setOutcome, refusals, send };
}

/** A flow of Kratos that mails a code: verification and recovery are alike up to what follows. */
export function useCodeFlow(kind: CodeFlowKind, options: CodeFlowOptions) {
  const { state, reload, outcome, setOutcome, refusals, send } = useSubmission(kind, options);
  const [otherAddress, setOtherAddress] = useState(false);
  const [sentTo, setSentTo] = useState("");
  const flow = state.status === "ready" ? state.flow : null;
  // A flow that is passed does not name its address any more.
  const seen = useRef("");
  seen.current = (flow && inputValue(flow, "email")) || sentTo || seen.current;

  // The flow of the address was over: Kratos gave a new one, which knows neither address nor code.
  const replaced = options.id !== null && flow !== null && flow.id !== options.id && flow.state === "choose_method";
  useEffect(() => {
    if (replaced) setOutcome({ problem: null, restarted: true });
  }, [replaced, setOutcome]);

  const sendMail = async (email: string) => {
    setSentTo(email);
    const sent = await send({ email });
    if (sent) setOtherAddress(false);
    return sent;
  };
  return {
    ...outcome,
    state,
    reload,
    refusals,
    address: seen.current || options.known,
    /** The address as far as the flow itself tells it. */
    named: seen.current,
    step: flow ? stepOf(flow, otherAddress) : null,
    // What a flow that was over said about itself is told by the notice already, and is no fault of the address.
    error: outcome.restarted ? null : errorOf(flow),
    sendMail,
    sendCode: (code: string) => send({ code }),
    changeAddress: () => setOtherAddress(true),
  };
}

export type CodeFlow = ReturnType<typeof useCodeFlow>;
