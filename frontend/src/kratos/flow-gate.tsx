import type { ReactNode } from "react";
import { Button } from "../components/button.tsx";
import { Skeleton } from "../components/skeleton.tsx";
import { ProblemNotice } from "../problems/problem-notice.tsx";
import { t } from "../t.ts";
import type { Flow } from "./flow.ts";
import type { FlowAnswer } from "./kratos-api.ts";
import type { FlowState } from "./use-flow.ts";

export type FlowGateProps = {
  readonly state: FlowState;
  readonly reload: () => void;
  readonly children: (flow: Flow) => ReactNode;
  /** What to show where Kratos has no flow to give. */
  readonly elsewhere: (answer: FlowAnswer) => ReactNode;
  readonly lines?: number;
};

/** Shows a flow's page once the flow is there; until then a skeleton, or the problem with a way to try again. */
export function FlowGate({ state, reload, children, elsewhere, lines = 3 }: FlowGateProps) {
  if (state.status === "ready") return children(state.flow);
  if (state.status === "elsewhere") return elsewhere(state.answer);
  if (state.status !== "failed") return <Skeleton lines={lines} />;
  return (
    <div className="stack">
      <ProblemNotice problem={state.problem} />
      <Button variant="primary" wide onClick={reload}>
        {t("common.try_again")}
      </Button>
    </div>
  );
}
