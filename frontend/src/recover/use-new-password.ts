import { useState } from "react";
import { announce } from "../components/live-region.tsx";
import { useAction } from "../components/use-action.ts";
import type { FlowValues } from "../kratos/kratos-api.ts";
import type { Submitted } from "../kratos/run-flow.ts";
import type { Problem } from "../problems/problem.ts";
import { t } from "../t.ts";

export type NewPasswordPorts = {
  readonly submit: (values: FlowValues) => Promise<Submitted>;
  readonly onSaved: () => void;
};

function problemOf(answer: Submitted): Problem | null {
  if (answer.kind === "flow") return null;
  if (answer.kind === "failed") return answer.problem;
  return { code: answer.kind === "refresh" ? "reauthentication_required" : "challenge_invalid" };
}

/** A new password for Kratos' settings flow: what is typed, saving it, and what came of it. */
export function useNewPassword({ submit, onSaved }: NewPasswordPorts) {
  const [password, setPassword] = useState("");
  const [missing, setMissing] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [refusals, setRefusals] = useState(0);
  const refuse = () => setRefusals((count) => count + 1);
  const [save, busy] = useAction(async () => {
    setProblem(null);
    setMissing(password === "" ? t("field.required") : null);
    if (password === "") return refuse();
    const answer = await submit({ method: "password", password });
    if (answer.kind === "done" || (answer.kind === "flow" && !answer.refused)) {
      announce(t("recover.password_saved"));
      return onSaved();
    }
    setProblem(problemOf(answer));
    return refuse();
  });
  return { password, setPassword, missing, problem, refusals, save, busy };
}
