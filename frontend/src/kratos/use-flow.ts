import { useCallback, useEffect, useRef, useState } from "react";
import { type Problem, toProblem } from "../problems/problem.ts";
import type { Flow, FlowKind } from "./flow.ts";
import { createFlow, type FlowAnswer, type FlowValues, loadFlow, submitFlow } from "./kratos-api.ts";

export type FlowState =
  /** Deferred: the flow is started by the first submission. */
  | { readonly status: "idle" }
  | { readonly status: "loading" }
  | { readonly status: "failed"; readonly problem: Problem }
  | { readonly status: "ready"; readonly flow: Flow }
  /** Kratos has no flow to give: there is a session already, a fresh sign-in is needed, or it leads elsewhere. */
  | { readonly status: "elsewhere"; readonly answer: FlowAnswer };

/** What came of a submission. `restarted`: the flow was over and a new one is ready, but the values do not fit it. */
export type Submitted =
  | Exclude<FlowAnswer, { kind: "expired" }>
  | { readonly kind: "restarted"; readonly flow: Flow }
  | { readonly kind: "failed"; readonly problem: Problem };

export type FlowOptions = {
  /** The flow's id from the address; without it a new one is started. */
  readonly id: string | null;
  /** Query of a new flow; must be the same object from render to render, or made by useMemo. */
  readonly query?: Readonly<Record<string, string>>;
  /** Without an id, start the flow no sooner than it is submitted. */
  readonly defer?: boolean;
};

const NO_QUERY: Readonly<Record<string, string>> = {};

/** Loads the flow, or starts a new one in silence where there is none or it is over. */
export async function obtainFlow(kind: FlowKind, id: string | null, query = NO_QUERY): Promise<FlowAnswer> {
  if (id === null) return createFlow(kind, query);
  const answer = await loadFlow(kind, id);
  if (answer.kind !== "expired") return answer;
  return obtainFlow(kind, answer.replacement === id ? null : answer.replacement, query);
}

function stateOf(answer: FlowAnswer): FlowState {
  return answer.kind === "flow" ? { status: "ready", flow: answer.flow } : { status: "elsewhere", answer };
}

/** Submits; where the flow was over, once more with a new one, unless the values belong to the old flow (a code). */
async function submitOrRestart(
  kind: FlowKind,
  flow: Flow,
  values: FlowValues,
  query: Readonly<Record<string, string>>,
): Promise<Exclude<Submitted, { kind: "failed" }>> {
  const answer = await submitFlow(kind, flow, values);
  if (answer.kind !== "expired") return answer;
  const next = await obtainFlow(kind, answer.replacement, query);
  if (next.kind !== "flow") return next.kind === "expired" ? { kind: "restarted", flow } : next;
  if ("code" in values) return { kind: "restarted", flow: next.flow };
  const again = await submitFlow(kind, next.flow, values);
  return again.kind === "expired" ? { kind: "restarted", flow: next.flow } : again;
}

/**
 * A Kratos flow for a page: loads or starts it, submits it, and starts anew by itself when it expired.
 * @returns the state, `submit` (never throws) and `reload`.
 */
export function useFlow(kind: FlowKind, { id, query = NO_QUERY, defer = false }: FlowOptions) {
  const idle = defer && id === null;
  const [state, setState] = useState<FlowState>({ status: idle ? "idle" : "loading" });
  const [attempt, setAttempt] = useState(0);
  const current = useRef<Flow | null>(null);

  useEffect(() => {
    if (idle && attempt === 0) return;
    let stale = false;
    const settle = (next: FlowState) => {
      if (stale) return;
      current.current = next.status === "ready" ? next.flow : null;
      setState(next);
    };
    obtainFlow(kind, attempt === 0 ? id : null, query).then(
      (answer) => settle(stateOf(answer)),
      (error: unknown) => settle({ status: "failed", problem: toProblem(error) }),
    );
    return () => {
      stale = true;
    };
  }, [kind, id, query, attempt, idle]);

  const submit = useCallback(
    async (values: FlowValues): Promise<Submitted> => {
      try {
        const flow = current.current;
        const ready = flow ? { kind: "flow" as const, flow } : await obtainFlow(kind, null, query);
        if (ready.kind === "expired") return { kind: "failed", problem: { code: "unknown" } };
        if (ready.kind !== "flow") return ready;
        const answer = await submitOrRestart(kind, ready.flow, values, query);
        if (answer.kind === "flow" || answer.kind === "restarted") {
          current.current = answer.flow;
          setState({ status: "ready", flow: answer.flow });
        }
        return answer;
      } catch (error) {
        return { kind: "failed", problem: toProblem(error) };
      }
    },
    [kind, query],
  );

  const reload = useCallback(() => {
    setState({ status: "loading" });
    setAttempt((count) => count + 1);
  }, []);
  return { state, submit, reload };
}
