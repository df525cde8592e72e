import { useSession } from "@passbridge/client/react";
import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { needsStepUp, type Problem, ProblemError, toProblem } from "../problems/problem.ts";
import { StepUpDialog } from "./step-up-dialog.tsx";

export type StepUp = {
  /**
   * Runs an action. Where it is refused until the person confirms who they are, asks for that and runs it again.
   * @throws what the action throws; ProblemError `step_up_cancelled` (which no notice shows) when the person does not
   * want to.
   */
  readonly run: <Value>(action: () => Promise<Value>) => Promise<Value>;
  /** Has to be drawn by the component; inside the dialog where the action is started from one. */
  readonly dialog: ReactNode;
};

type Question = { readonly passkeyOnly: boolean; readonly answer: (confirmed: boolean) => void };

/** A question put to the person: asked by `ask`, answered in the dialog, and with "no" when the page goes. */
function useQuestion() {
  const [question, setQuestion] = useState<Question | null>(null);
  const open = useRef<Question | null>(null);
  const settle = useCallback((confirmed: boolean) => {
    open.current?.answer(confirmed);
    open.current = null;
    setQuestion(null);
  }, []);
  useEffect(() => () => settle(false), [settle]);
  const ask = useCallback(
    (problem: Problem) =>
      new Promise<boolean>((answer) => {
        open.current = { passkeyOnly: problem.code === "aal2_required", answer };
        setQuestion(open.current);
      }),
    [],
  );
  return { question, ask, settle };
}

/** Lets an action ask for a fresh sign-in by itself, in a dialog, and then go on. */
export function useStepUp(): StepUp {
  const { refresh } = useSession();
  const { question, ask, settle } = useQuestion();
  const run = async <Value,>(action: () => Promise<Value>): Promise<Value> => {
    try {
      return await action();
    } catch (error) {
      const problem = toProblem(error);
      if (!needsStepUp(problem)) throw error;
      if (!(await ask(problem))) throw new ProblemError({ code: "step_up_cancelled" });
    }
    void refresh();
    return action();
  };
  const dialog = (
    <StepUpDialog
      open={question !== null}
      passkeyOnly={question?.passkeyOnly ?? false}
      onConfirmed={() => settle(true)}
      onCancel={() => settle(false)}
    />
  );
  return { run, dialog };
}
