import { describe, expect, it } from "vitest";
import { OutageError } from "../errors.ts";
import { createPasskeySummary } from "./passkey-summary.ts";

describe("createPasskeySummary", () => {
  it("keeps the count until it is dropped", async () => {
    let stored = 1;
    const summary = createPasskeySummary(async () => stored);
    expect(await summary.count("a")).toBe(1);
    stored = 2;
    expect(await summary.count("a")).toBe(1);
    summary.drop("a");
    expect(await summary.count("a")).toBe(2);
  });

  it("answers the last known count in an outage, and null when nothing is known", async () => {
    let away = false;
    const summary = createPasskeySummary(async () => {
      if (away) throw new OutageError("postgres", new Error("refused"));
      return 3;
    });
    await summary.count("a");
    away = true;
    summary.drop("a");
    expect(await summary.count("a")).toBe(3);
    expect(await summary.count("b")).toBeNull();
  });
});
