import { maybeText, t } from "../t.ts";
import type { Problem } from "./problem.ts";

const WAIT_DEFAULT = 30;

/**
 * The words for a problem; codes without words of their own get the general ones.
 * @param seconds what is left to wait, for `rate_limited`.
 */
export function problemWords(problem: Problem, seconds = problem.retryAfter ?? WAIT_DEFAULT): string {
  if (problem.code === "rate_limited" && seconds === 1) return t("problem.rate_limited_one");
  return maybeText(`problem.${problem.code}`, { seconds }) ?? t("problem.unknown");
}
