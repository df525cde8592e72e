import { describe, expect, it } from "vitest";
import { systemClock } from "../clock.ts";
import { OutageError } from "../errors.ts";
import { createPasskeySummary } from "./passkey-summary.ts";

describe("createPasskeySummary", () => {
  it("keeps the count until it is dropped", async () => {
    let stored = 1;
    const summary = createPasskeySummary(async () => stored, systemClock);
    expect(await summary.count("a")).toBe(1);
    stored = 2;
    expect(await summary.count("a")).toBe(1);
    summary.drop("a");
    expect(await summary.count("a")).toBe(2);
  });

  it("answers the last known count in an outage, null when nothing is known, and asks again after a pause", async () => {
    let away = false;
    let asked = 0;
    let now = 0;
    const summary = createPasskeySummary(
      async () => {
        asked += 1;
        if (away) throw new OutageError("postgres", new Error("refused"));
        return 3;
      },
      () => new Date(now),
    );
    await summary.count("a");
    away = true;
    summary.drop("a");
    expect(await summary.count("a")).toBe(3);
    expect(await summary.count("b")).toBeNull();
    expect(asked).toBe(2);
    away = false;
    now += 5_000;
    expect(await summary.count("b")).toBe(3);
  });
});
