import type { AnswerHead } from "./wire/answer-head.ts";

/** Takes an answer's body as it comes. */
export type BodyReceiver = {
  /** False: no more until resume is called. */
  readonly data: (chunk: Buffer, resume: () => void) => boolean;
  /** @param all the whole body, where it was there at once in one piece. */
  readonly end: (all?: Buffer) => void;
  /** The body broke off, or the client left. Comes last, as end does. */
  readonly fail: (error: Error) => void;
};

/** An upstream's answer; its body waits until somebody takes it. */
export type UpstreamAnswer = Pick<AnswerHead, "status" | "rawHeaders"> & {
  /** Hands over what has come of the body, and then what comes. */
  readonly deliver: (receiver: BodyReceiver) => void;
  /** Reads the body to nowhere, so that the connection can be used again. */
  readonly discard: () => void;
  /** Ends the connection with what is left of the body. */
  readonly abort: () => void;
};

/** What the answer does to the connection it comes over. */
export type AnswerFlow = { readonly pause: () => void; readonly resume: () => void; readonly abort: () => void };

/** The side of the connection. */
export type AnswerSource = {
  readonly answer: UpstreamAnswer;
  readonly data: (chunk: Buffer) => void;
  readonly end: () => void;
  readonly fail: (error: Error) => void;
};

const NOBODY: BodyReceiver = { data: () => true, end: () => undefined, fail: () => undefined };

export function createUpstreamAnswer({ status, rawHeaders }: AnswerHead, flow: AnswerFlow): AnswerSource {
  let to: BodyReceiver | null = null;
  let waiting: Buffer[] = [];
  let outcome: "open" | "whole" | Error = "open";

  const tellEnd = (receiver: BodyReceiver) => {
    if (outcome === "whole") receiver.end();
    else if (outcome !== "open") receiver.fail(outcome);
  };
  const settle = (how: "whole" | Error) => {
    if (outcome !== "open") return;
    outcome = how;
    if (to) tellEnd(to);
  };
  const deliver = (receiver: BodyReceiver) => {
    let room = true;
    to = receiver;
    if (outcome === "whole" && waiting.length === 1) return receiver.end(waiting.pop());
    for (const chunk of waiting) room = receiver.data(chunk, flow.resume);
    waiting = [];
    if (room) flow.resume();
    tellEnd(receiver);
  };

  return {
    answer: { status, rawHeaders, deliver, discard: () => deliver(NOBODY), abort: flow.abort },
    data: (chunk) => {
      if (!to) waiting.push(chunk);
      if (!to?.data(chunk, flow.resume)) flow.pause();
    },
    end: () => settle("whole"),
    fail: settle,
  };
}
