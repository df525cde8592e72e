import { toProblem } from "../problems/problem.ts";

const TRIES = 4;
const DEFAULT_WAIT = 3;
const LONGEST_WAIT = 10;

/**
 * Runs a call that may be repeated without harm; an outage is waited out for a few tries.
 * @param onWait called before each wait.
 * @throws what the call throws when it is no outage, or the last of it.
 */
export async function retryOutage<T>(call: () => Promise<T>, onWait: () => void, tries = TRIES): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const problem = toProblem(error);
    if (problem.code !== "dependency_unavailable" || tries <= 1) throw error;
    onWait();
    const seconds = Math.min(problem.retryAfter ?? DEFAULT_WAIT, LONGEST_WAIT);
    await new Promise((resolve) => window.setTimeout(resolve, seconds * 1_000));
  }
  return retryOutage(call, onWait, tries - 1);
}
