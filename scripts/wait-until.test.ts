import { describe, expect, it } from "vitest";
import { Failure } from "./failure.ts";
import { waitUntil } from "./wait-until.ts";

describe("waitUntil", () => {
  it("resolves with the condition's value once it holds", async () => {
    let tries = 0;
    const condition = async () => {
      tries += 1;
      if (tries < 3) throw new Error("not yet");
      return tries;
    };
    expect(await waitUntil(condition, { timeout: 5_000, what: "the third try" })).toBe(3);
  });

  it("names what it waited for and the last reason", async () => {
    const never = () => Promise.reject(new Error("closed"));
    await expect(waitUntil(never, { timeout: 100, what: "the door" })).rejects.toThrow(/the door: closed/);
  });

  it("gives up at once when there is a reason to", async () => {
    const never = () => Promise.reject(new Error("closed"));
    const options = { timeout: 60_000, what: "the door", abortReason: () => "the house is gone" };
    await expect(waitUntil(never, options)).rejects.toThrow("the house is gone");
  });

  it("passes a Failure on at once", async () => {
    const failure = new Failure("wrong key", "Take the other one.");
    await expect(waitUntil(() => Promise.reject(failure), { timeout: 60_000, what: "x" })).rejects.toBe(failure);
  });
});
