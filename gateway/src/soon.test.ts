import { describe, expect, it } from "vitest";
import { orElse, whenBoth, whenThere } from "./soon.ts";

const add = (one: number, other: number) => one + other;
const refused = () => Promise.reject(new Error("refused"));

describe("whenThere", () => {
  it("goes on at once with what is there, and later with what is not", async () => {
    expect(whenThere(1, (value) => value + 1)).toBe(2);
    const later = whenThere(Promise.resolve(1), (value) => value + 1);
    expect(later).toBeInstanceOf(Promise);
    expect(await later).toBe(2);
  });
});

describe("whenBoth", () => {
  it("goes on at once only where both are there", async () => {
    expect(whenBoth(1, 2, add)).toBe(3);
    expect(await whenBoth(Promise.resolve(1), 2, add)).toBe(3);
    expect(await whenBoth(1, Promise.resolve(2), add)).toBe(3);
    await expect(whenBoth(1, refused(), add)).rejects.toThrow("refused");
  });
});

describe("orElse", () => {
  it("stands in for what cannot be had alone", async () => {
    const other = () => 2;
    const thrown = () => {
      throw new Error("thrown");
    };
    expect(orElse(() => 1, other)).toBe(1);
    expect(orElse(thrown, other)).toBe(2);
    expect(await orElse(() => Promise.resolve(1), other)).toBe(1);
    expect(await orElse(refused, other)).toBe(2);
  });
});
