import { type ClientRequest, IncomingMessage, type ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import { Problem } from "../errors.ts";
import type { TargetRequest, UpstreamTarget } from "./upstream-target.ts";

export type Exchange = {
  readonly target: UpstreamTarget;
  readonly send: TargetRequest;
  /** The client's request, or what is made of it, is streamed; null: none. */
  readonly body: Readable | Buffer | null;
  /** Milliseconds until the answer's headers, counted anew while the body is still being sent. */
  readonly timeout: number;
  /** Milliseconds without a byte in either direction once the answer has begun. */
  readonly idleTimeout: number;
  /** The client's side: the exchange is given up when it closes; null where it has to come to its end all the same. */
  readonly response: ServerResponse | null;
};

const REPEATABLE = new Set(["GET", "HEAD", "OPTIONS"]);

/** The other side closed a kept connection just as it was used again: it never saw the request. */
function mayRepeat({ send, body }: Exchange, outgoing: ClientRequest, error: Error): boolean {
  const lost = "code" in error && (error.code === "ECONNRESET" || error.code === "EPIPE");
  return lost && !send.fresh && outgoing.reusedSocket && body === null && REPEATABLE.has(send.method);
}

function sendBody(outgoing: ClientRequest, body: Exchange["body"]): void {
  if (body === null || Buffer.isBuffer(body)) outgoing.end(body ?? undefined);
  else body.pipe(outgoing);
}

function toProblem(error: Error): Problem {
  return error instanceof Problem ? error : new Problem("upstream_unavailable", { cause: error });
}

function limitIdleness(outgoing: ClientRequest, answer: IncomingMessage, idleTimeout: number): void {
  outgoing.setTimeout(idleTimeout, () => answer.destroy(new Error("the upstream and the client fell silent")));
  answer.on("error", () => undefined);
}

/** Below 200 nothing is final, and below 100 nothing is HTTP: Node's parser passes it, and its server cannot say it. */
export const isFinal = ({ statusCode = 0 }: IncomingMessage): boolean => statusCode >= 200;

/** One try; every way it can end clears the timer and lets go of the client's streams. */
function attempt(exchange: Exchange): Promise<IncomingMessage | null> {
  const { body, response, send, target } = exchange;
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage | null>();
  const outgoing = target.request(send);
  const upload = body === null || Buffer.isBuffer(body) ? null : body;
  let waiting = true;
  const settle = () => {
    const first = waiting;
    waiting = false;
    clearTimeout(timer);
    upload?.off("data", progress);
    return first;
  };
  const fail = (error: Error) => {
    // An answer that has begun breaks off by itself, and a connection reset under it is no reason to ask again.
    if (!settle()) return;
    upload?.unpipe(outgoing);
    if (mayRepeat(exchange, outgoing, error)) resolve(attempt({ ...exchange, send: { ...send, fresh: true } }));
    else reject(toProblem(error));
  };
  const giveUp = (error: Error) => {
    outgoing.destroy();
    // One that still waits for a connection says nothing when it is destroyed.
    fail(error);
  };
  const timer = setTimeout(() => giveUp(new Problem("upstream_timeout")), exchange.timeout);
  const progress = () => timer.refresh();
  outgoing.once("response", (answer) => {
    limitIdleness(outgoing, answer, exchange.idleTimeout);
    if (!isFinal(answer)) return giveUp(new Error(`the upstream answered ${answer.statusCode}`));
    settle();
    resolve(answer);
  });
  outgoing.once("upgrade", () => giveUp(new Error("the upstream switched protocols unasked")));
  outgoing.on("error", fail);
  response?.once("close", () => {
    settle();
    // Answered by somebody else before its body was there: nothing more of it will come.
    if (!response.writableFinished || upload?.readableEnded === false) outgoing.destroy();
    resolve(null);
  });
  // A request that breaks off closes its response as well: what was made of it may also find fault.
  if (!(upload instanceof IncomingMessage)) upload?.on("error", giveUp);
  upload?.on("data", progress);
  sendBody(outgoing, body);
  return promise;
}

/**
 * Sends a request on and waits for the answer's headers; both bodies stream.
 * @returns the answer, its body still to be read; null when the client went away meanwhile (the request is aborted).
 * @throws Problem upstream_timeout or upstream_unavailable, the cause within; invalid_request when it cannot be sent.
 */
export async function exchangeWithUpstream(exchange: Exchange): Promise<IncomingMessage | null> {
  return exchange.response?.destroyed ? null : attempt(exchange);
}
