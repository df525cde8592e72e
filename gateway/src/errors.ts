/** Every stable, machine-readable error code of the HTTP contract, with the status and title it is answered with. */
export const PROBLEMS = {
  invalid_request: { status: 400, title: "The request is not valid" },
  challenge_invalid: { status: 400, title: "The challenge is not valid any more" },
  verification_failed: { status: 400, title: "The credential could not be verified" },
  unauthenticated: { status: 401, title: "Sign-in is required" },
  recovery_failed: { status: 401, title: "Recovery failed" },
  forbidden: { status: 403, title: "Not allowed" },
  csrf_rejected: { status: 403, title: "The request came from another site" },
  reauthentication_required: { status: 403, title: "A recent sign-in is required" },
  aal2_required: { status: 403, title: "A stronger sign-in is required" },
  passkeys_disabled: { status: 403, title: "Passkeys are disabled for this account" },
  passkey_required: { status: 403, title: "A passkey is required" },
  email_unverified: { status: 403, title: "A verified e-mail address is required" },
  authenticator_not_allowed: { status: 403, title: "This authenticator is not allowed" },
  not_found: { status: 404, title: "Not found" },
  credential_unknown: { status: 404, title: "The passkey is not registered here" },
  passkey_exists: { status: 409, title: "The passkey is registered already" },
  passkey_limit_reached: { status: 409, title: "No more passkeys can be added" },
  last_sign_in_method: { status: 409, title: "The last way to sign in cannot be removed" },
  account_exists: { status: 409, title: "The account exists already" },
  request_timeout: { status: 408, title: "The request did not arrive in time" },
  payload_too_large: { status: 413, title: "The request body is too large" },
  unsupported_media_type: { status: 415, title: "The body must be application/json" },
  rate_limited: { status: 429, title: "Too many requests" },
  headers_too_large: { status: 431, title: "The request's headers are too large" },
  internal_error: { status: 500, title: "Something went wrong" },
  upstream_unavailable: { status: 502, title: "The application could not be reached" },
  dependency_unavailable: { status: 503, title: "This can't be decided right now" },
  upstream_timeout: { status: 504, title: "The application did not answer in time" },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

export type ProblemOptions = {
  /** One sentence for the caller; never a secret, an address of a part, or whether an account exists. */
  detail?: string;
  /** Seconds, answered as Retry-After. */
  retryAfter?: number;
  /** Further members of the problem document, such as login_url. */
  members?: Readonly<Record<string, unknown>>;
  cause?: unknown;
};

/** The one error type: a code of the contract. Mapped to a reply (RFC 9457) in http/problem-handler.ts alone. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: ProblemCode;
  readonly status: number;
  readonly detail: string;
  readonly retryAfter: number | undefined;
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: ProblemCode, options: ProblemOptions = {}) {
    const { status, title } = PROBLEMS[code];
    super(options.detail ?? title, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.status = status;
    this.detail = options.detail ?? title;
    this.retryAfter = options.retryAfter;
    this.members = options.members ?? {};
  }
}

export type Dependency = "kratos" | "redis" | "postgres";

const OUTAGE_RETRY_SECONDS = 5;

/** A part that could not be asked. Its own kind of error, because an outage is never read as "signed out". */
export class OutageError extends Problem {
  readonly dependency: Dependency;

  constructor(dependency: Dependency, cause: unknown) {
    super("dependency_unavailable", {
      detail: "A part this answer depends on cannot be asked right now.",
      retryAfter: OUTAGE_RETRY_SECONDS,
      cause,
    });
    this.dependency = dependency;
  }
}

const PART_NAMES: Readonly<Record<Dependency, string>> = { kratos: "Kratos", redis: "Redis", postgres: "PostgreSQL" };

function reasonOf(cause: unknown): string {
  // Of a name with several addresses; the error itself has no message.
  if (cause instanceof AggregateError) return cause.errors.map(reasonOf).join("; ");
  return cause instanceof Error ? cause.message : String(cause);
}

/** An outage in words for an operator: which part cannot be asked, and why. */
export function describeOutage({ dependency, cause }: OutageError): string {
  return `${PART_NAMES[dependency]} cannot be asked: ${reasonOf(cause)}`;
}

/** What a source's "could not ask" is answered with; one that is not an outage yet is Kratos', the only foreign part. */
export function asOutage(cause: unknown): OutageError {
  return cause instanceof OutageError ? cause : new OutageError("kratos", cause);
}
