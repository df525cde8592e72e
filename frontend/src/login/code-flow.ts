import { errorIds, type Flow } from "../kratos/flow.ts";
import { flowErrors } from "../kratos/messages.ts";
import { type FlowSource, type Submitted, submitOrRestart } from "../kratos/run-flow.ts";
import { returnToOf } from "../navigation/return-to.ts";
import { type Problem, toProblem } from "../problems/problem.ts";

/** What came of asking for a code, or of entering one. */
export type CodeOutcome =
  /** Signed in; `to` where Kratos wants the person to go. */
  | { readonly kind: "in"; readonly to: string | undefined }
  /** The flow waits for the code. */
  | { readonly kind: "sent"; readonly flow: Flow }
  | { readonly kind: "refused"; readonly words: string | null; readonly problem: Problem | null };

/** Kratos' "no such account": a page that told it would show who has one. */
const UNKNOWN_ADDRESS = 4_000_035;

const refused = (problem: Problem): CodeOutcome => ({ kind: "refused", words: null, problem });

function isWaiting(flow: Flow): boolean {
  const faults = errorIds(flow);
  return flow.state === "sent_email" ? faults.length === 0 : faults.includes(UNKNOWN_ADDRESS);
}

function outcomeOf(answer: Submitted, withCode: boolean): CodeOutcome {
  if (answer.kind === "done" || answer.kind === "signed_in") return { kind: "in", to: undefined };
  if (answer.kind === "redirect") return { kind: "in", to: returnToOf(answer.to) ?? undefined };
  if (answer.kind === "failed") return refused(answer.problem);
  if (answer.kind !== "flow") return refused({ code: "challenge_invalid" });
  if (!withCode && isWaiting(answer.flow)) return { kind: "sent", flow: answer.flow };
  const [words = null] = flowErrors(answer.flow, []);
  return words === null ? refused({ code: "unknown" }) : { kind: "refused", words, problem: null };
}

async function submit(source: FlowSource, flow: Flow | null, values: Readonly<Record<string, string>>) {
  try {
    const answer = await submitOrRestart(source, flow, { method: "code", ...values });
    return outcomeOf(answer, "code" in values);
  } catch (error) {
    return refused(toProblem(error));
  }
}

/** Has Kratos mail a code, each in a flow of its own, because a flow counts the wrong ones. Never throws. */
export function mailCode(source: FlowSource, email: string): Promise<CodeOutcome> {
  return submit(source, null, { identifier: email });
}

/** Enters the code of the mail. An unknown address gets the words of a wrong code. Never throws. */
export function enterCode(source: FlowSource, flow: Flow, email: string, code: string): Promise<CodeOutcome> {
  return submit(source, flow, { identifier: email, code });
}
