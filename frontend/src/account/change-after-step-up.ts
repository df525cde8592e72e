import { needsStepUp, ProblemError, toProblem } from "../problems/problem.ts";
import type { StepUp } from "../step-up/use-step-up.tsx";
import { changePassword, type PasswordChange } from "./change-password.ts";

/**
 * Changes the password; where no sign-in is recent enough the person confirms who they are, and it goes on.
 * Never throws; `failed` with `step_up_cancelled` when they do not want to.
 * @param settings as for changePassword, as it was before.
 */
export async function changeAfterStepUp(
  run: StepUp["run"],
  password: string,
  settings: string | null | undefined,
): Promise<PasswordChange> {
  let known = settings;
  try {
    return await run(async () => {
      const change = await changePassword(password, known);
      // Confirmed by password there is a Kratos session now, whatever there was before.
      known ??= null;
      if (change.kind === "failed" && needsStepUp(change.problem)) throw new ProblemError(change.problem);
      return change;
    });
  } catch (error) {
    return { kind: "failed", problem: toProblem(error) };
  }
}
