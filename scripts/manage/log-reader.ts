import { closeSync, openSync, readSync, statSync } from "node:fs";

const CHUNK_BYTES = 64 * 1024;

/** Hands out a log file's new lines; a line that is not finished yet waits. */
export type LogReader = {
  /** Lines added since the last call. */
  read(): string[];
};

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function readBytes(file: string, from: number, to: number): Buffer {
  const descriptor = openSync(file, "r");
  try {
    const chunks: Buffer[] = [];
    for (let position = from; position < to; ) {
      const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, to - position));
      const length = readSync(descriptor, chunk, 0, chunk.length, position);
      if (length === 0) break;
      chunks.push(chunk.subarray(0, length));
      position += length;
    }
    return Buffer.concat(chunks);
  } finally {
    closeSync(descriptor);
  }
}

/** The last lines of a file and the place behind them. */
export function readTail(file: string, lines: number): { readonly lines: string[]; readonly end: number } {
  const end = sizeOf(file);
  if (end === 0) return { lines: [], end };
  const text = readBytes(file, Math.max(0, end - lines * 2_000), end).toString();
  return { lines: text.replace(/\n$/, "").split("\n").slice(-lines), end };
}

/** Reads a file from a place on; a file that became shorter was begun anew and is read from its start. */
export function createLogReader(file: string, from: number): LogReader {
  let position = from;
  let unfinished = Buffer.alloc(0);
  const read = () => {
    const size = sizeOf(file);
    if (size < position) {
      position = 0;
      unfinished = Buffer.alloc(0);
    }
    if (size === position) return [];
    const bytes = Buffer.concat([unfinished, readBytes(file, position, size)]);
    position = size;
    const lastBreak = bytes.lastIndexOf(0x0a);
    unfinished = bytes.subarray(lastBreak + 1);
    return lastBreak < 0 ? [] : bytes.subarray(0, lastBreak).toString().split("\n");
  };
  return { read };
}
