import "./step-up-texts.ts";
import { errorIds } from "../kratos/flow.ts";
import { flowErrors } from "../kratos/messages.ts";
import { submitOrRestart } from "../kratos/run-flow.ts";
import { ProblemError } from "../problems/problem.ts";
import { t } from "../t.ts";

const INVALID_CREDENTIALS = 4_000_006;

/** For somebody who is signed in already; without a session of Kratos' own it is an ordinary sign-in. */
const LOGIN = { kind: "login", query: { refresh: "true" } } as const;

/**
 * Signs in once more with the password, through Kratos' login flow.
 * @returns what is wrong with it, in words; null when it is right.
 * @throws ProblemError when Kratos could not be asked.
 */
export async function confirmPassword(email: string, password: string): Promise<string | null> {
  const answer = await submitOrRestart(LOGIN, null, { method: "password", identifier: email, password });
  if (answer.kind === "failed") throw new ProblemError(answer.problem);
  if (answer.kind === "restarted") throw new ProblemError({ code: "challenge_invalid" });
  if (answer.kind !== "flow") return null;
  // Kratos does not say which of the two is wrong; here it is known.
  const wrong = errorIds(answer.flow).includes(INVALID_CREDENTIALS);
  return wrong ? t("step_up.wrong") : (flowErrors(answer.flow, [])[0] ?? null);
}
