import { api } from "../api.ts";
import { type Problem, toProblem } from "../problems/problem.ts";
import { problemWords } from "../problems/problem-words.ts";
import { t } from "../t.ts";

async function removeOne(id: string): Promise<Problem | null> {
  try {
    await api.deletePasskey(id);
    return null;
  } catch (error) {
    const problem = toProblem(error);
    // Gone already is what was asked for.
    return problem.code === "not_found" ? null : problem;
  }
}

/**
 * Removes passkeys one after the other.
 * @returns null when all are gone; otherwise, in words, what went wrong.
 */
export async function removePasskeys(ids: readonly string[]): Promise<string | null> {
  const problems: Problem[] = [];
  for (const id of ids) {
    const problem = await removeOne(id);
    if (problem) problems.push(problem);
  }
  const [first] = problems;
  if (!first) return null;
  return problems.length < ids.length ? t("recover.lost_partly") : problemWords(first);
}
