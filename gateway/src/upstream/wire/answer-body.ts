import type { AnswerHead } from "./answer-head.ts";
import type { BodyDecoder, OnData } from "./body-decoder.ts";
import { createChunkedBody } from "./chunked-body.ts";

function createBodyOfLength(length: number, onData: OnData): BodyDecoder {
  let left = length;
  return {
    take: (bytes) => {
      const taken = Math.min(left, bytes.length);
      left -= taken;
      if (taken > 0) onData(taken === bytes.length ? bytes : bytes.subarray(0, taken));
      return taken;
    },
    isWhole: () => left === 0,
    endsWithConnection: false,
  };
}

const createBodyUntilClose = (onData: OnData): BodyDecoder => ({
  take: (bytes) => {
    if (bytes.length > 0) onData(bytes);
    return bytes.length;
  },
  isWhole: () => false,
  endsWithConnection: true,
});

/** The body of an answer to a method (RFC 9112, section 6.3). */
export function createAnswerBody(method: string, { status, framing }: AnswerHead, onData: OnData): BodyDecoder {
  if (method === "HEAD" || status === 204 || status === 304) return createBodyOfLength(0, onData);
  if (framing === "chunked") return createChunkedBody(onData);
  return framing === "until-close" ? createBodyUntilClose(onData) : createBodyOfLength(framing, onData);
}
