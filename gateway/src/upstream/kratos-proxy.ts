import type { Request, RequestHandler, Response } from "express";
import type { Logger } from "pino";
import { OutageError, Problem } from "../errors.ts";
import { placeOf } from "../http/request-place.ts";
import { KRATOS_SESSION_COOKIE } from "../kratos/kratos-client.ts";
import { stripClientHeaders } from "./client-headers.ts";
import { exchangeWithUpstream } from "./exchange.ts";
import { createForwardedHeaders } from "./forwarded-headers.ts";
import { type NameSubmission, SUBMISSION_COOKIE } from "./kept-sessions.ts";
import { type FlowSubmission, readSubmission } from "./kratos-call.ts";
import { kratosPath } from "./kratos-path.ts";
import { relayAnswer } from "./relay-answer.ts";
import { discardRest, hasBody, readBody } from "./request-body.ts";
import { isKratosCookie, setCookieName } from "./session-cookies.ts";
import type { UpstreamAnswer } from "./upstream-answer.ts";
import { headerValues } from "./upstream-headers.ts";
import { createUpstreamTarget, type UpstreamTarget } from "./upstream-target.ts";
import { readWhole, refuseFailure, relayWhole, type WholeAnswer, withoutInsides } from "./whole-answer.ts";
import type { TargetRequest } from "./wire/request-head.ts";

const PREFIX = "/.ory/kratos";
const MAX_BODY = 64 * 1024;

/** Where Kratos' error page asks what happened. */
const ERRORS = /^\/self-service\/errors\/?(\?|$)/;

/** Told what Kratos answered a submission, and the value of the session cookie it set, if any, before the client is. */
export type AfterSubmission = (answer: WholeAnswer, cookieValue: string) => Promise<void>;

export type OnSubmission = (
  submission: FlowSubmission,
  request: Request,
  response: Response,
) => Promise<AfterSubmission>;

export type KratosProxyDeps = {
  /** Deadlines in milliseconds: of what only reads, and of forms, which may wait for a slow password hash or a mail. */
  readonly kratos: { readonly publicUrl: URL; readonly readTimeout: number; readonly formTimeout: number };
  readonly publicUrl: URL;
  readonly trustedProxies: readonly string[];
  readonly log: Pick<Logger, "warn">;
  /**
   * Kratos has signed someone in; the answer, still unsent, may be given further cookies.
   * When it rejects, the sign-in is answered with that error and its cookie not handed out.
   */
  readonly onSessionIssued: (request: Request, response: Response, cookieValue: string) => Promise<void>;
  /** A flow is about to be submitted; when it rejects, Kratos is not asked. */
  readonly onSubmission: OnSubmission;
  /** The same, for a name by which Kratos' web hook will tell what came of it. */
  readonly nameSubmission: NameSubmission;
  /** Kratos may have changed what its session cookie stands for, whether or not an answer came. */
  readonly onStateChange: (request: Request) => void | Promise<void>;
};

export type KratosProxy = { readonly handler: RequestHandler; readonly close: () => void };

/** What an answer does to Kratos' session cookie: nothing, clears it (""), or sets it to a value. */
function sessionCookieOf({ rawHeaders }: UpstreamAnswer): string | undefined {
  const set = headerValues(rawHeaders, "set-cookie").filter(
    (cookie) => setCookieName(cookie) === KRATOS_SESSION_COOKIE,
  );
  const last = set.at(-1);
  if (last === undefined) return undefined;
  if (/;\s*max-age\s*=\s*(0|-\d+)\s*(;|$)/i.test(last)) return "";
  const [pair = ""] = last.split(";", 1);
  return pair.slice(pair.indexOf("=") + 1).trim();
}

const isRead = ({ method }: Request) => method === "GET" || method === "HEAD" || method === "OPTIONS";

/** Whatever comes of what is no mere reading: it may have changed what the session cookie stands for. */
async function changing<T>(deps: KratosProxyDeps, request: Request, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    if (!isRead(request)) await deps.onStateChange(request);
  }
}

/** By the name Kratos trusts most: of X-Forwarded-For it takes no private address, which many people have. */
function clientAddress(request: Request): string[] {
  const { ip } = placeOf(request);
  return ip ? ["True-Client-IP", ip] : [];
}

type Question = {
  readonly target: UpstreamTarget;
  readonly send: TargetRequest;
  readonly body: Buffer | null;
  readonly timeout: number;
  readonly response: Response | null;
  /** Whether it asks what an error of Kratos' was. */
  readonly isError: boolean;
};

async function ask({ send, body, timeout, ...question }: Question): Promise<UpstreamAnswer | null> {
  const framing = body || send.method === "POST" ? ["Content-Length", String(body?.length ?? 0)] : [];
  try {
    const answer = await exchangeWithUpstream({
      ...question,
      send: { ...send, headers: [...send.headers, ...framing] },
      body,
      timeout,
      idleTimeout: timeout,
    });
    if (!answer || answer.status < 500) return answer;
    answer.discard();
    throw new Error(`Kratos answered ${answer.status}`);
  } catch (error) {
    throw error instanceof Problem && error.code === "invalid_request" ? error : new OutageError("kratos", error);
  }
}

const NEGOTIATED = new Set(["accept", "accept-encoding", "content-type", "content-encoding"]);

/** The headers of a call whose answer is read: not compressed, and JSON where the gateway wrote its body. */
function headersToRead(headers: readonly string[], asJson: boolean): string[] {
  const dropped = asJson ? NEGOTIATED : new Set(["accept-encoding"]);
  const pairs = headers.flatMap((name, index) => (index % 2 === 0 ? [[name, headers[index + 1] ?? ""] as const] : []));
  const kept = pairs.filter(([name]) => !dropped.has(name.toLowerCase())).flat();
  return asJson ? [...kept, "Accept", "application/json", "Content-Type", "application/json"] : kept;
}

/** With one more cookie, in the one header there may be (RFC 6265, section 5.4). */
function withCookie(headers: readonly string[], pair: string): string[] {
  const at = headers.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === "cookie");
  return at === -1 ? [...headers, "Cookie", pair] : headers.with(at + 1, `${headers[at + 1]}; ${pair}`);
}

async function tellHooks(deps: KratosProxyDeps, answer: UpstreamAnswer, request: Request, response: Response) {
  const cookie = sessionCookieOf(answer);
  if (cookie !== undefined && isRead(request)) await deps.onStateChange(request);
  if (cookie) await deps.onSessionIssued(request, response, cookie);
}

/**
 * Kratos' public API on the gateway's own origin, below /.ory/kratos. Kratos sees its own cookies only; when it cannot
 * be asked, or fails with 5xx, the answer is 503 and never Kratos' own words.
 */
export function createKratosProxy(deps: KratosProxyDeps): KratosProxy {
  const target = createUpstreamTarget(deps.kratos.publicUrl);
  const forwardedHeaders = createForwardedHeaders(deps.publicUrl, deps.trustedProxies);
  const headersOf = (request: Request) => [
    ...["Host", deps.publicUrl.host],
    ...stripClientHeaders(request.rawHeaders, isKratosCookie),
    ...forwardedHeaders(request),
    ...clientAddress(request),
  ];

  const stream = async (question: Question, request: Request, response: Response) => {
    const answer = await changing(deps, request, () => ask({ ...question, response }));
    if (!answer) return;
    try {
      await tellHooks(deps, answer, request, response);
    } catch (error) {
      answer.abort();
      throw error;
    }
    if (question.isError) return relayWhole(withoutInsides(await readWhole(answer)), response, isKratosCookie);
    await relayAnswer(answer, response, isKratosCookie).catch((error: unknown) => {
      deps.log.warn({ err: error, dependency: "kratos" }, "Kratos' answer broke off");
    });
  };

  /** A submission comes to its end although the client leaves: what it changed has to be known. */
  const submit = async (submission: FlowSubmission, question: Question, request: Request, response: Response) => {
    const { path, body, asJson } = submission.send;
    const after = await deps.onSubmission(submission, request, response);
    const name = await deps.nameSubmission(submission, request);
    const plain = headersToRead(question.send.headers, asJson);
    const headers = name === null ? plain : withCookie(plain, `${SUBMISSION_COOKIE}=${name}`);
    const send = { ...question.send, path: target.pathOf(path), headers };
    const message = await changing(deps, request, () => ask({ ...question, send, body, response: null }));
    if (!message) throw new Error("an exchange without a client was given up");
    const answer = refuseFailure(await readWhole(message));
    await after(answer, sessionCookieOf(message) ?? "");
    await tellHooks(deps, message, request, response);
    relayWhole(answer, response, isKratosCookie);
  };

  const forward = async (request: Request, response: Response) => {
    const path = kratosPath(request.originalUrl.slice(PREFIX.length));
    const body = hasBody(request) ? await readBody(request, MAX_BODY) : null;
    const timeout = isRead(request) ? deps.kratos.readTimeout : deps.kratos.formTimeout;
    const isError = ERRORS.test(decodeURIComponent(path));
    const headers = isError ? headersToRead(headersOf(request), false) : headersOf(request);
    const send = { method: request.method, path: target.pathOf(path), headers };
    const question = { target, send, body, timeout, response, isError };
    const submission = readSubmission({ method: request.method, path, contentType: request.get("content-type"), body });
    await (submission ? submit(submission, question, request, response) : stream(question, request, response));
  };

  return {
    handler: (request, response, next) => {
      forward(request, response).catch((error: unknown) => {
        discardRest(request);
        next(error);
      });
    },
    close: target.close,
  };
}
