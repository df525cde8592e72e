import { createAnswerBody } from "./answer-body.ts";
import { type AnswerHead, readAnswerHead } from "./answer-head.ts";
import type { BodyDecoder, OnData } from "./body-decoder.ts";

/** Upstreams may answer with more headers than Node's servers take, such as many cookies. */
export const MAX_HEAD = 64 * 1024;
const NOTHING = Buffer.alloc(0);
const END_OF_HEAD = Buffer.from("\r\n\r\n");
const BEGINNING = "HTTP/1.";

/** No end of a head yet. Throws where it cannot become one, which is not waited for until the deadline. */
function waitForHead(bytes: Buffer, from: number): { readonly head: null; readonly end: number } {
  const come = bytes.toString("latin1", from, from + BEGINNING.length);
  if (!BEGINNING.startsWith(come)) throw new Error("the upstream's answer is not HTTP");
  return { head: null, end: from };
}

export type AnswerEvents = {
  readonly head: (head: AnswerHead) => void;
  /** A piece of the body; it is overwritten afterwards. */
  readonly data: OnData;
  /** Comes last, once. Told how long the connection may be kept: 0 where it cannot be used again. */
  readonly end: (keepFor: number) => void;
};

export type AnswerReader = {
  /** Reads on. Throws where this is no answer. */
  readonly take: (bytes: Buffer) => void;
  /** The connection ended. Throws where it ended too early. */
  readonly close: () => void;
  /** Whether nothing of an answer has come. */
  readonly isUntouched: () => boolean;
};

/** The final head (RFC 9110, section 15.2: others may come before); null: not here yet. And where what is left begins. */
function finalHead(bytes: Buffer): { readonly head: AnswerHead | null; readonly end: number } {
  for (let at = 0; ; ) {
    const end = bytes.indexOf(END_OF_HEAD, at);
    if ((end === -1 ? bytes.length : end) - at > MAX_HEAD) throw new Error("the upstream's headers are too large");
    if (end === -1) return waitForHead(bytes, at);
    const head = readAnswerHead(bytes.toString("latin1", at, end));
    at = end + END_OF_HEAD.length;
    if (head.status >= 200) return { head, end: at };
    if (head.status < 100) throw new Error(`the upstream answered ${head.status}`);
    if (head.status === 101) throw new Error("the upstream switched protocols unasked");
  }
}

/** Reads one answer to a method off a connection. */
export function createAnswerReader(method: string, events: AnswerEvents): AnswerReader {
  let before = NOTHING;
  let head: AnswerHead | null = null;
  let body: BodyDecoder | null = null;
  let [touched, ended] = [false, false];

  const end = (keepFor: number) => {
    ended = true;
    events.end(keepFor);
  };
  const takeBody = (reading: BodyDecoder, keepFor: number, bytes: Buffer) => {
    const taken = reading.take(bytes);
    // What comes unasked after it would be taken for the next answer.
    if (reading.isWhole()) end(taken < bytes.length ? 0 : keepFor);
  };
  const takeHead = (bytes: Buffer) => {
    const all = before.length === 0 ? bytes : Buffer.concat([before, bytes]);
    const found = finalHead(all);
    const rest = all.subarray(found.end);
    before = found.head ? NOTHING : Buffer.from(rest);
    if (!found.head) return;
    head = found.head;
    body = createAnswerBody(method, head, events.data);
    events.head(head);
    takeBody(body, head.keepFor, rest);
  };

  return {
    take: (bytes) => {
      if (ended) return;
      touched = true;
      if (body && head) takeBody(body, head.keepFor, bytes);
      else takeHead(bytes);
    },
    close: () => {
      if (ended) return;
      if (!body?.endsWithConnection) throw new Error("the upstream hung up before its answer was whole");
      end(0);
    },
    isUntouched: () => !touched,
  };
}
