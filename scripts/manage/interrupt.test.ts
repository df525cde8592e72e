import { describe, expect, it } from "vitest";
import { interruptible } from "./interrupt.ts";

describe("interruptible", () => {
  it("undoes nothing when the task succeeds", async () => {
    let undone = false;
    const undo = async () => {
      undone = true;
    };
    await interruptible(async () => undefined, undo);
    expect(undone).toBe(false);
  });

  it("undoes a failed task and passes its failure on", async () => {
    let undone = 0;
    const undo = async () => {
      undone += 1;
    };
    await expect(interruptible(() => Promise.reject(new Error("no")), undo)).rejects.toThrow("no");
    expect(undone).toBe(1);
  });

  it("tells an interrupted task to begin nothing new, and undoes what it finished meanwhile", async () => {
    const events: string[] = [];
    const task = async (signal: AbortSignal) => {
      process.emit("SIGINT", "SIGINT");
      await new Promise((resolve) => setImmediate(resolve));
      events.push(signal.aborted ? "told" : "not told");
    };
    const undo = async () => {
      events.push("undone");
    };
    await expect(interruptible(task, undo)).rejects.toMatchObject({ name: "Interrupted", exitCode: 130 });
    expect(events).toEqual(["undone", "told", "undone"]);
    expect(process.listenerCount("SIGHUP")).toBe(0);
  });
});
