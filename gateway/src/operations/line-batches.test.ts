import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createLineBatches } from "./line-batches.ts";

const WAIT = 100;

/** A sink that holds what it is given until it is flushed. */
function open(length: number) {
  const taken: string[] = [];
  let flushed = 0;
  const sink = {
    write: (text: string) => taken.push(text),
    flush: () => {
      flushed = taken.length;
    },
  };
  return { ...createLineBatches(sink, { length, wait: WAIT }), taken, flushed: () => flushed };
}

describe("createLineBatches", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("hands lines on together, whole and in order, when there are enough", () => {
    const { write, taken } = open(6);
    write("one\n");
    expect(taken).toEqual([]);
    write("two\n");
    expect(taken).toEqual(["one\ntwo\n"]);
  });

  it("has fewer written when they waited long enough, and nothing where nothing waits", () => {
    const { write, taken, flushed } = open(6);
    write("1\n");
    vi.advanceTimersByTime(WAIT - 1);
    expect(taken).toEqual([]);
    vi.advanceTimersByTime(1);
    expect([taken, flushed()]).toEqual([["1\n"], 1]);
    vi.advanceTimersByTime(10 * WAIT);
    expect(taken).toEqual(["1\n"]);
    write("2\n");
    vi.advanceTimersByTime(WAIT);
    expect([taken, flushed()]).toEqual([["1\n", "2\n"], 2]);
  });

  it("hands on at once what waits when it is asked to, and once", () => {
    const { write, handOn, taken } = open(6);
    write("1\n");
    handOn();
    handOn();
    vi.advanceTimersByTime(WAIT);
    expect(taken).toEqual(["1\n"]);
  });
});
