import { api } from "../api.ts";
import { type Problem, toProblem } from "../problems/problem.ts";

/**
 * Deletes a passkey of the signed-in person.
 * @returns what went wrong; null when it is gone, also when it was before: that is what was asked for.
 */
export async function removePasskey(id: string): Promise<Problem | null> {
  try {
    await api.deletePasskey(id);
    return null;
  } catch (error) {
    const problem = toProblem(error);
    return problem.code === "not_found" ? null : problem;
  }
}
