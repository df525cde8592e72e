/** What went wrong, in one shape for the gateway, Kratos, WebAuthn and the network. */
export type Problem = {
  /** A code of the HTTP contract, or one of the pages' own: network, webauthn_cancelled, … */
  readonly code: string;
  /** Seconds to wait before trying again. */
  readonly retryAfter?: number;
  readonly requestId?: string;
  /** Where to sign in again. */
  readonly loginUrl?: string;
};

/** An error that carries its Problem; thrown by the pages' own calls. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.code);
    this.problem = problem;
  }
}

const WEBAUTHN: Readonly<Record<string, string>> = {
  NotAllowedError: "webauthn_cancelled",
  AbortError: "webauthn_aborted",
  InvalidStateError: "passkey_on_device",
  NotSupportedError: "webauthn_failed",
  ConstraintError: "webauthn_failed",
  SecurityError: "webauthn_failed",
  UnknownError: "webauthn_failed",
  NotReadableError: "webauthn_failed",
};

/** The client's own codes, in the pages' terms. */
const CLIENT: Readonly<Record<string, string>> = { network_error: "network", unexpected_response: "unknown" };

function property(value: object, name: string): unknown {
  return name in value ? (value as Record<string, unknown>)[name] : undefined;
}

function apiProblem(error: Error, code: string): Problem {
  const retryAfter = property(error, "retryAfter");
  const requestId = property(error, "requestId");
  const members = property(error, "members");
  const loginUrl = typeof members === "object" && members !== null ? property(members, "login_url") : undefined;
  return {
    code: CLIENT[code] ?? code,
    ...(typeof retryAfter === "number" ? { retryAfter } : {}),
    ...(typeof requestId === "string" ? { requestId } : {}),
    ...(typeof loginUrl === "string" ? { loginUrl } : {}),
  };
}

/**
 * Reads any thrown value as a Problem: an ApiError of the client by its `code`, a WebAuthn error by its name,
 * a failed fetch as `network`,
 * one that took too long as an outage, anything else as `unknown`.
 */
export function toProblem(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (!(error instanceof Error)) return { code: "unknown" };
  const webauthn = WEBAUTHN[error.name];
  if (webauthn !== undefined) return { code: webauthn };
  if (error.name === "TypeError") return { code: "network" };
  // The connection is there, but something behind it does not answer.
  if (error.name === "TimeoutError") return { code: "dependency_unavailable" };
  const code = property(error, "code");
  return typeof code === "string" && /^[a-z0-9_]+$/.test(code) ? apiProblem(error, code) : { code: "unknown" };
}

/** Whether the person must sign in again before going on. */
export function needsSignIn(problem: Problem): boolean {
  return problem.code === "unauthenticated" || problem.code === "reauthentication_required";
}

/** Whether it is enough to confirm who is there: a sign-in once more, or one that proves more. */
export function needsStepUp(problem: Problem): boolean {
  return problem.code === "reauthentication_required" || problem.code === "aal2_required";
}
