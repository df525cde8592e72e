import { describe, expect, it } from "vitest";
import { OutageError } from "../errors.ts";
import { FIRST_SETTINGS } from "../policy/passkey-duty.ts";
import { createPasskeySummary } from "./passkey-summary.ts";

const person = (count: number) => ({ count, settings: FIRST_SETTINGS });

describe("createPasskeySummary", () => {
  it("keeps what is known until it is dropped", async () => {
    let stored = 1;
    const summary = createPasskeySummary(async () => person(stored));
    expect(await summary.of("a")).toEqual(person(1));
    stored = 2;
    expect(await summary.of("a")).toEqual(person(1));
    summary.drop("a");
    expect(await summary.of("a")).toEqual(person(2));
  });

  it("answers what was last known in an outage, null when nothing is", async () => {
    let away = false;
    const summary = createPasskeySummary(async () => {
      if (away) throw new OutageError("postgres", new Error("refused"));
      return person(3);
    });
    await summary.of("a");
    away = true;
    summary.drop("a");
    expect(await summary.of("a")).toEqual(person(3));
    expect(await summary.of("b")).toBeNull();
    away = false;
    expect(await summary.of("b")).toEqual(person(3));
  });
});
