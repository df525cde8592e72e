import { describe, expect, it } from "vitest";
import { createLatestPoll } from "./latest-poll.ts";

type Question = { readonly answer: (value: string | null) => void; readonly signal: AbortSignal };

function setUp() {
  const questions: Question[] = [];
  const outcomes: string[] = [];
  const ask = (signal: AbortSignal) =>
    new Promise<string | null>((answer) => {
      questions.push({ answer, signal });
    });
  return { questions, outcomes, poll: createLatestPoll(ask, (outcome) => outcomes.push(outcome)) };
}

describe("createLatestPoll", () => {
  it("hands over the outcome and is busy until then", async () => {
    const { questions, outcomes, poll } = setUp();
    const done = poll.run();
    expect(poll.busy()).toBe(true);
    questions[0]?.answer("a");
    await done;
    expect(outcomes).toEqual(["a"]);
    expect(poll.busy()).toBe(false);
  });

  it("gives up the earlier question, whose callers wait for the later answer", async () => {
    const { questions, outcomes, poll } = setUp();
    const settled: string[] = [];
    const first = poll.run().then(() => settled.push("first"));
    const second = poll.run().then(() => settled.push("second"));
    expect(questions[0]?.signal.aborted).toBe(true);
    questions[0]?.answer("old");
    await new Promise((resolve) => setImmediate(resolve));
    expect(settled).toEqual([]);
    questions[1]?.answer("new");
    await Promise.all([first, second]);
    expect(outcomes).toEqual(["new"]);
  });

  it("has no outcome when the question came to nothing", async () => {
    const { questions, outcomes, poll } = setUp();
    const done = poll.run();
    questions[0]?.answer(null);
    await done;
    expect(outcomes).toEqual([]);
    expect(poll.busy()).toBe(false);
  });
});
