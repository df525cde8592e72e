import type { Problem } from "../problems/problem.ts";
import type { Flow, FlowKind } from "./flow.ts";
import { createFlow, type FlowAnswer, type FlowValues, loadFlow, submitFlow } from "./kratos-api.ts";

export type FlowQuery = Readonly<Record<string, string>>;

/** Which flow: its kind, and what a new one is started with. */
export type FlowSource = { readonly kind: FlowKind; readonly query: FlowQuery };

/** What came of a submission. `restarted`: the flow was over and a new one is ready, but the values do not fit it. */
export type Submitted =
  | Exclude<FlowAnswer, { kind: "expired" }>
  | { readonly kind: "restarted"; readonly flow: Flow }
  | { readonly kind: "failed"; readonly problem: Problem };

async function loadIfAny(kind: FlowKind, id: string | null): Promise<FlowAnswer> {
  return id === null ? { kind: "expired", replacement: null } : loadFlow(kind, id);
}

/**
 * Loads the flow, or the one Kratos has put in its place, or starts a new one in silence.
 * @throws ProblemError when Kratos could not be asked.
 */
export async function obtainFlow({ kind, query }: FlowSource, id: string | null): Promise<FlowAnswer> {
  const asked = await loadIfAny(kind, id);
  if (asked.kind !== "expired") return asked;
  const replaced = await loadIfAny(kind, asked.replacement);
  return replaced.kind === "expired" ? createFlow(kind, query) : replaced;
}

/**
 * Submits the flow (a new one where there is none yet). Where it was over, a new one is submitted once more, unless
 * the values belong to the old flow, as a mailed code does.
 * @throws ProblemError when Kratos could not be asked.
 */
export async function submitOrRestart(source: FlowSource, flow: Flow | null, values: FlowValues): Promise<Submitted> {
  // From a browser Kratos takes a code for the gateway's own flow, but mails none by it.
  const fits = flow && !(flow.type === "api" && "email" in values);
  const ready: FlowAnswer = fits ? { kind: "flow", flow, refused: false } : await obtainFlow(source, null);
  if (ready.kind === "expired") return { kind: "failed", problem: { code: "unknown" } };
  if (ready.kind !== "flow") return ready;
  const answer = await submitFlow(source.kind, ready.flow, values);
  if (answer.kind !== "expired") return answer;
  const next = await obtainFlow(source, answer.replacement);
  if (next.kind === "expired") return { kind: "failed", problem: { code: "unknown" } };
  if (next.kind !== "flow") return next;
  if ("code" in values) return { kind: "restarted", flow: next.flow };
  const again = await submitFlow(source.kind, next.flow, values);
  return again.kind === "expired" ? { kind: "restarted", flow: next.flow } : again;
}
