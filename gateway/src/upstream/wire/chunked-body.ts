import type { BodyDecoder, OnData } from "./body-decoder.ts";

const LINE_FEED = 0x0a;
/** Of a chunk's size with its extensions, and of all trailers. */
const MAX_LINES = 16 * 1024;
const SIZE = /^([0-9a-f]{1,13})(?:[\t ]*;[\t\x20-\x7e\x80-\xff]*)?\r\n$/i;
const TRAILER = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*\r\n$/;

type State = "size" | "data" | "after-data" | "trailers" | "whole";

const broken = () => new Error("the upstream's chunks are broken");

/** What comes after a line, and the size it told. */
function readLine(state: State, line: string): { readonly next: State; readonly size: number } {
  if (state === "after-data") {
    if (line !== "\r\n") throw broken();
    return { next: "size", size: 0 };
  }
  if (state === "trailers") {
    if (line !== "\r\n" && !TRAILER.test(line)) throw broken();
    return { next: line === "\r\n" ? "whole" : "trailers", size: 0 };
  }
  const digits = SIZE.exec(line)?.[1];
  if (digits === undefined) throw broken();
  const size = Number.parseInt(digits, 16);
  return { next: size === 0 ? "trailers" : "data", size };
}

/** A body in chunks (RFC 9112, section 7.1). Extensions and trailers end here. */
export function createChunkedBody(onData: OnData): BodyDecoder {
  let state: State = "size";
  let left = 0;
  let line = "";
  let trailers = 0;

  const takeData = (bytes: Buffer, at: number) => {
    const end = Math.min(bytes.length, at + left);
    left -= end - at;
    onData(bytes.subarray(at, end));
    if (left === 0) state = "after-data";
    return end;
  };
  const takeLine = (bytes: Buffer, at: number) => {
    const feed = bytes.indexOf(LINE_FEED, at);
    const end = feed === -1 ? bytes.length : feed + 1;
    line += bytes.toString("latin1", at, end);
    if (state === "trailers") trailers += end - at;
    if (line.length > MAX_LINES || trailers > MAX_LINES) throw broken();
    if (state === "after-data" && !"\r\n".startsWith(line)) throw broken();
    if (feed === -1) return end;
    const { next, size } = readLine(state, line);
    [state, left, line] = [next, size, ""];
    return end;
  };

  return {
    take: (bytes) => {
      let at = 0;
      while (at < bytes.length && state !== "whole") at = state === "data" ? takeData(bytes, at) : takeLine(bytes, at);
      return at;
    },
    isWhole: () => state === "whole",
    endsWithConnection: false,
  };
}
