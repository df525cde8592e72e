import type { IncomingMessage } from "node:http";
import type { Request, RequestHandler, Response } from "express";
import type { Logger } from "pino";
import { OutageError, Problem } from "../errors.ts";
import { KRATOS_SESSION_COOKIE } from "../kratos/kratos-client.ts";
import { stripClientHeaders } from "./client-headers.ts";
import { exchangeWithUpstream } from "./exchange.ts";
import { createForwardedHeaders } from "./forwarded-headers.ts";
import { kratosPath } from "./kratos-path.ts";
import { relayAnswer } from "./relay-answer.ts";
import { discardRest, hasBody, readBody } from "./request-body.ts";
import { isKratosCookie, setCookieName } from "./session-cookies.ts";
import { createUpstreamTarget, type UpstreamTarget } from "./upstream-target.ts";

const PREFIX = "/.ory/kratos";
const MAX_BODY = 64 * 1024;

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
  /** Kratos may have changed what its session cookie stands for, whether or not an answer came. */
  readonly onStateChange: (request: Request) => void | Promise<void>;
};

export type KratosProxy = { readonly handler: RequestHandler; readonly close: () => void };

/** What an answer does to Kratos' session cookie: nothing, clears it (""), or sets it to a value. */
function sessionCookieOf(answer: IncomingMessage): string | undefined {
  const set = (answer.headers["set-cookie"] ?? []).filter((cookie) => setCookieName(cookie) === KRATOS_SESSION_COOKIE);
  const last = set.at(-1);
  if (last === undefined) return undefined;
  if (/;\s*max-age\s*=\s*(0|-\d+)\s*(;|$)/i.test(last)) return "";
  const [pair = ""] = last.split(";", 1);
  return pair.slice(pair.indexOf("=") + 1).trim();
}

const isRead = ({ method }: Request) => method === "GET" || method === "HEAD" || method === "OPTIONS";

async function ask(
  deps: KratosProxyDeps,
  target: UpstreamTarget,
  request: Request,
  response: Response,
  headers: string[],
) {
  const path = target.pathOf(kratosPath(request.originalUrl.slice(PREFIX.length)));
  const body = hasBody(request) ? await readBody(request, MAX_BODY) : null;
  const timeout = isRead(request) ? deps.kratos.readTimeout : deps.kratos.formTimeout;
  const framing = body ? ["Content-Length", String(body.length)] : [];
  try {
    const answer = await exchangeWithUpstream({
      target,
      send: { method: request.method, path, headers: [...headers, ...framing] },
      body,
      timeout,
      idleTimeout: timeout,
      response,
    });
    if (!answer || (answer.statusCode ?? 0) < 500) return answer;
    answer.resume();
    throw new Error(`Kratos answered ${answer.statusCode}`);
  } catch (error) {
    throw error instanceof Problem && error.code === "invalid_request" ? error : new OutageError("kratos", error);
  }
}

async function tellHooks(deps: KratosProxyDeps, answer: IncomingMessage, request: Request, response: Response) {
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

  const forward = async (request: Request, response: Response) => {
    const headers = [
      ...["Host", deps.publicUrl.host],
      ...stripClientHeaders(request.rawHeaders, isKratosCookie),
      ...forwardedHeaders(request),
    ];
    let answer: IncomingMessage | null;
    try {
      answer = await ask(deps, target, request, response, headers);
    } finally {
      if (!isRead(request)) await deps.onStateChange(request);
    }
    if (!answer) return;
    try {
      await tellHooks(deps, answer, request, response);
    } catch (error) {
      answer.destroy();
      throw error;
    }
    await relayAnswer(answer, response, isKratosCookie).catch((error: unknown) => {
      deps.log.warn({ err: error, dependency: "kratos" }, "Kratos' answer broke off");
    });
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
