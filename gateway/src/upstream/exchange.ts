import { IncomingMessage, type ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import { Problem } from "../errors.ts";
import { type AnswerSource, createUpstreamAnswer, type UpstreamAnswer } from "./upstream-answer.ts";
import type { UpstreamTarget } from "./upstream-target.ts";
import type { AnswerHead } from "./wire/answer-head.ts";
import type { Connection } from "./wire/connection.ts";
import { requestHead, type TargetRequest } from "./wire/request-head.ts";

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
const mayRepeat = ({ send, body }: Exchange) => body === null && REPEATABLE.has(send.method);

const asProblem = (error: Error) =>
  error instanceof Problem ? error : new Problem("upstream_unavailable", { cause: error });

/** How far an exchange has come. */
type Course = {
  readonly exchange: Exchange;
  readonly text: string;
  readonly outcome: PromiseWithResolvers<UpstreamAnswer | null>;
  readonly upload: Readable | null;
  readonly timer: NodeJS.Timeout;
  connection: Connection | null;
  answer: AnswerSource | null;
  /** Lets go of the client's streams, and of a wish for a connection. */
  leave: (() => void)[];
  over: boolean;
};

/** The answer has begun, or there will be none. */
function stopWaiting(course: Course): void {
  clearTimeout(course.timer);
  for (const leave of course.leave.splice(0)) leave();
}

function finish(course: Course): void {
  course.over = true;
  stopWaiting(course);
}

/** Before the answer has begun it is asked for in vain; later it breaks off. */
function fail(course: Course, error: Error): void {
  if (course.over) return;
  finish(course);
  if (course.answer) course.answer.fail(error);
  else course.outcome.reject(asProblem(error));
}

function giveUp(course: Course, error: Error): void {
  if (course.over) return;
  course.connection?.drop();
  fail(course, error);
}

function onClientGone(course: Course): void {
  if (course.over) return;
  if (!course.answer) course.outcome.resolve(null);
  giveUp(course, new Error("the client left"));
}

function limitIdleness(course: Course): void {
  const socket = course.connection?.socket;
  if (course.over || !socket) return;
  const onIdle = () => giveUp(course, new Error("the upstream and the client fell silent"));
  socket.setTimeout(course.exchange.idleTimeout, onIdle);
  course.leave.push(() => socket.setTimeout(0, onIdle));
}

function begin(course: Course, connection: Connection, head: AnswerHead): void {
  stopWaiting(course);
  course.answer = createUpstreamAnswer(head, {
    pause: connection.pause,
    // Once its answer is whole the connection is another's.
    resume: () => course.over || connection.resume(),
    abort: () => giveUp(course, new Error("the answer is not wanted")),
  });
  course.outcome.resolve(course.answer.answer);
  // Most answers are whole in the same moment, and need no timer.
  queueMicrotask(() => limitIdleness(course));
}

function ask(course: Course, connection: Connection): void {
  const { exchange, upload } = course;
  course.connection = connection;
  connection.ask({
    method: exchange.send.method,
    text: course.text,
    body: exchange.body,
    onHead: (head) => begin(course, connection, head),
    onData: (chunk) => course.answer?.data(chunk),
    onEnd: () => {
      finish(course);
      course.answer?.end();
    },
    onFail: (error, untouched) => {
      const lost = untouched && connection.isUsed() && !course.over;
      if (lost && mayRepeat(exchange)) attempt(course, true);
      else fail(course, error);
    },
  });
  if (!upload) return;
  const progress = () => course.timer.refresh();
  upload.on("data", progress);
  course.leave.push(() => upload.off("data", progress));
}

function attempt(course: Course, fresh: boolean): void {
  course.leave.push(course.exchange.target.pool.take((connection) => ask(course, connection), fresh));
}

function watchClient(course: Course): void {
  const { exchange, upload } = course;
  exchange.response?.once("close", () => onClientGone(course));
  // A request that breaks off closes its response as well: what was made of it may also find fault.
  if (!(upload instanceof IncomingMessage)) upload?.on("error", (error) => giveUp(course, error));
}

/**
 * Sends a request on and waits for the answer's headers; both bodies stream.
 * @returns the answer, its body still to be taken; null when the client went away meanwhile (the request is aborted).
 * @throws Problem upstream_timeout or upstream_unavailable, the cause within; invalid_request when it cannot be sent.
 */
export async function exchangeWithUpstream(exchange: Exchange): Promise<UpstreamAnswer | null> {
  if (exchange.response?.destroyed) return null;
  const { body, timeout } = exchange;
  const course: Course = {
    exchange,
    text: requestHead(exchange.send),
    outcome: Promise.withResolvers(),
    upload: body === null || Buffer.isBuffer(body) ? null : body,
    timer: setTimeout(() => giveUp(course, new Problem("upstream_timeout")), timeout),
    connection: null,
    answer: null,
    leave: [],
    over: false,
  };
  watchClient(course);
  attempt(course, false);
  return course.outcome.promise;
}
