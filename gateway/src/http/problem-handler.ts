import type { IncomingMessage, ServerResponse } from "node:http";
import type { Logger } from "pino";
import { OutageError, PROBLEMS, Problem, type ProblemCode } from "../errors.ts";
import { errorPage } from "./error-page.ts";
import { returnToOf } from "./exit-answer.ts";
import { originalOf } from "./exits.ts";
import { AUTHZ_PATH, isBelow } from "./own-paths.ts";
import { isPageLoad } from "./page-load.ts";
import { answerText } from "./plain-answers.ts";
import { requestIdOf } from "./request-id.ts";

/** What express and its body parser throw, in the contract's codes. */
const FOREIGN: Readonly<Record<number, ProblemCode>> = {
  400: "invalid_request",
  404: "not_found",
  413: "payload_too_large",
  415: "unsupported_media_type",
};

/** An error in the contract's terms; one that nobody expected as internal_error. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const status = error instanceof Error && "status" in error ? Number(error.status) : 500;
  return new Problem(FOREIGN[status] ?? "internal_error", { cause: error });
}

/** The problem document of an error (RFC 9457). */
export function problemDocument(problem: Problem, requestId: string): Record<string, unknown> {
  return {
    type: `urn:passbridge:problem:${problem.code}`,
    title: PROBLEMS[problem.code].title,
    status: problem.status,
    detail: problem.detail,
    code: problem.code,
    request_id: requestId,
    ...problem.members,
  };
}

function logProblem(log: Logger, problem: Problem): void {
  const cause = problem.cause ?? problem;
  if (problem instanceof OutageError)
    log.warn({ err: cause, dependency: problem.dependency }, "a part could not be asked");
  else if (problem.code === "internal_error") log.error({ err: cause }, "an error nobody expected");
  else log.debug({ code: problem.code, detail: problem.detail }, "refused");
}

/** Express takes what it has matched off the address. */
const pathOf = (request: IncomingMessage) =>
  ("originalUrl" in request ? String(request.originalUrl) : (request.url ?? "")).split("?", 1)[0] ?? "";

/** Nobody looks at the API; what proxies ask for they show to the person whose request it is. */
const isForPeople = (path: string) => !path.startsWith("/api/") || isBelow(path, [AUTHZ_PATH]);

/** Somebody else signs in at the gateway's own host, and comes back to the page that was refused. */
function signInElse(response: ServerResponse, publicUrl: URL): string {
  const original = originalOf(response);
  const back = original ? returnToOf(original, publicUrl) : "/";
  return new URL(`/login?other=1&return_to=${encodeURIComponent(back)}`, publicUrl).href;
}

function send(request: IncomingMessage, response: ServerResponse, problem: Problem, publicUrl: URL): void {
  const { status, retryAfter } = problem;
  const requestId = requestIdOf(response);
  const head = ["Cache-Control", "no-store", ...(retryAfter === undefined ? [] : ["Retry-After", String(retryAfter)])];
  if (isPageLoad(request) && isForPeople(pathOf(request))) {
    const text = errorPage(problem, { requestId, signInElse: signInElse(response, publicUrl) });
    answerText(request, response, { status, head, type: "text/html; charset=utf-8", text });
  } else {
    const text = JSON.stringify(problemDocument(problem, requestId));
    answerText(request, response, { status, head, type: "application/problem+json; charset=utf-8", text });
  }
}

/** Answers a request that failed; one that is being answered already is cut. */
export type AnswerError = (error: unknown, request: IncomingMessage, response: ServerResponse) => void;

/** The one place where an error becomes a reply: a page for page loads, else a problem document. */
export function createProblemHandler(
  log: Logger,
  countOutage: (dependency: string) => void,
  publicUrl: URL,
): AnswerError {
  return (error, request, response) => {
    const problem = toProblem(error);
    if (problem instanceof OutageError) countOutage(problem.dependency);
    logProblem(log.child({ request_id: requestIdOf(response) }), problem);
    if (response.headersSent) response.destroy();
    else send(request, response, problem, publicUrl);
  };
}
