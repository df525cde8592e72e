import type { Problem, ProblemCode } from "./generated/contract.ts";

/**
 * A code of the contract, or one of the client's own:
 * `network_error`, the gateway could not be reached (status 0); `unexpected_response`, something answered that is not
 * the gateway's (a proxy's page, a truncated body).
 */
export type FailureCode = ProblemCode | "network_error" | "unexpected_response";

/** What is known of an exchange that did not succeed. */
export type Failure = {
  readonly code: FailureCode;
  readonly status: number;
  readonly detail: string;
  /** Seconds the gateway asks to wait. */
  readonly retryAfter?: number | undefined;
  readonly requestId?: string | undefined;
  /** Every member of the problem document, `login_url` among them. */
  readonly members?: Readonly<Record<string, unknown>> | undefined;
  readonly cause?: unknown;
};

/** IMF-fixdate (RFC 9110 section 5.6.7); Date.parse alone takes "-5" for a year. */
const HTTP_DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * Reads a Retry-After header (RFC 9110 section 10.2.3), in seconds or as a date.
 * @returns whole seconds to wait, at least 0; undefined when absent or unreadable.
 */
export function parseRetryAfter(value: string | null, now: number = Date.now()): number | undefined {
  if (value === null) return undefined;
  if (/^\d+$/.test(value)) return Number(value);
  const date = HTTP_DATE.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000));
}

/** Statuses whose meaning holds even when something in front of the gateway gave them without a problem document. */
const CODE_BY_STATUS: Readonly<Record<number, ProblemCode>> = {
  413: "payload_too_large",
  429: "rate_limited",
  502: "dependency_unavailable",
  503: "dependency_unavailable",
  504: "dependency_unavailable",
};

function isProblem(body: unknown): body is Partial<Problem> & Pick<Problem, "code"> {
  return typeof body === "object" && body !== null && "code" in body && typeof body.code === "string";
}

/** Reads a refused response: its problem document (RFC 9457), else its status. Never rejects. */
export async function readFailure(response: Response): Promise<Failure> {
  const { status, headers } = response;
  const retryAfter = parseRetryAfter(headers.get("Retry-After"));
  const requestId = headers.get("X-Request-Id") ?? undefined;
  const body: unknown = await response.json().catch(() => undefined);
  if (isProblem(body)) {
    const detail = body.detail ?? body.title ?? body.code;
    return { code: body.code, status, detail, retryAfter, requestId: body.request_id ?? requestId, members: body };
  }
  const code = CODE_BY_STATUS[status] ?? "unexpected_response";
  return { code, status, detail: `The answer was ${status}, without a problem document.`, retryAfter, requestId };
}
