import { toProblem } from "./problem.ts";

const RETRY_EVERY = 5_000;

/** What can be waited out is asked again by itself, after the time the gateway names; false for anything else. */
export function retryInterval(error: unknown): number | false {
  if (!error) return false;
  const { code, retryAfter } = toProblem(error);
  const passing = code === "dependency_unavailable" || code === "network";
  return passing ? (retryAfter ?? 0) * 1_000 || RETRY_EVERY : false;
}
