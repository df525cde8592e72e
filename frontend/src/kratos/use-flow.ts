import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { type Problem, toProblem } from "../problems/problem.ts";
import type { Flow, FlowKind } from "./flow.ts";
import type { FlowAnswer, FlowValues } from "./kratos-api.ts";
import { type FlowQuery, obtainFlow, type Submitted, submitOrRestart } from "./run-flow.ts";

export type FlowState =
  /** Deferred: the flow is started by the first submission. */
  | { readonly status: "idle" }
  | { readonly status: "loading" }
  | { readonly status: "failed"; readonly problem: Problem }
  | { readonly status: "ready"; readonly flow: Flow }
  /** Kratos has no flow to give: there is a session already, a fresh sign-in is needed, or it leads elsewhere. */
  | { readonly status: "elsewhere"; readonly answer: FlowAnswer };

export type FlowOptions = {
  /** The flow's id from the address; without it a new one is started. */
  readonly id: string | null;
  /** Query of a new flow; must be the same object from render to render, or made by useMemo. */
  readonly query?: FlowQuery;
  /** Without an id, start the flow no sooner than it is submitted. */
  readonly defer?: boolean;
};

const NO_QUERY: FlowQuery = {};

function stateOf(answer: FlowAnswer): FlowState {
  return answer.kind === "flow" ? { status: "ready", flow: answer.flow } : { status: "elsewhere", answer };
}

/** The flow's state: loaded once, and again by each reload. */
function useFlowState(source: Parameters<typeof obtainFlow>[0], id: string | null, defer: boolean) {
  const idle = defer && id === null;
  const [state, setState] = useState<FlowState>({ status: idle ? "idle" : "loading" });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (idle && attempt === 0) return;
    let stale = false;
    obtainFlow(source, id).then(
      (answer) => stale || setState(stateOf(answer)),
      (error: unknown) => stale || setState({ status: "failed", problem: toProblem(error) }),
    );
    return () => {
      stale = true;
    };
  }, [source, id, attempt, idle]);
  const reload = useCallback(() => {
    setState({ status: "loading" });
    setAttempt((count) => count + 1);
  }, []);
  return { state, setState, reload };
}

/**
 * A Kratos flow for a page: loads or starts it, submits it, and starts anew by itself when it expired.
 * @returns the state, `submit` (never throws) and `reload`.
 */
export function useFlow(kind: FlowKind, { id, query = NO_QUERY, defer = false }: FlowOptions) {
  const source = useMemo(() => ({ kind, query }), [kind, query]);
  const { state, setState, reload } = useFlowState(source, id, defer);
  const current = useRef<Flow | null>(null);
  current.current = state.status === "ready" ? state.flow : null;

  const submit = useCallback(
    async (values: FlowValues): Promise<Submitted> => {
      try {
        const answer = await submitOrRestart(source, current.current, values);
        if (answer.kind === "flow" || answer.kind === "restarted") setState({ status: "ready", flow: answer.flow });
        return answer;
      } catch (error) {
        return { kind: "failed", problem: toProblem(error) };
      }
    },
    [source, setState],
  );
  return { state, submit, reload };
}
