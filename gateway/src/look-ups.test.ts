import { describe, expect, it } from "vitest";
import { createLookUps } from "./look-ups.ts";

describe("createLookUps", () => {
  it("keeps an answer until it is dropped", async () => {
    const lookUps = createLookUps<{ n: number }>({ ttl: 60_000 });
    let asked = 0;
    const ask = async () => ({ n: ++asked });
    expect(await lookUps.get("a", ask)).toEqual({ n: 1 });
    expect(await lookUps.get("a", ask)).toEqual({ n: 1 });
    expect(await lookUps.get("b", ask)).toEqual({ n: 2 });
    lookUps.drop("a");
    expect(await lookUps.get("a", ask)).toEqual({ n: 3 });
  });

  it("makes concurrent questions one, and keeps nothing without a time", async () => {
    const lookUps = createLookUps<{ n: number }>({ ttl: 0 });
    let asked = 0;
    const ask = async () => ({ n: ++asked });
    expect(await Promise.all([lookUps.get("a", ask), lookUps.get("a", ask)])).toEqual([{ n: 1 }, { n: 1 }]);
    expect(await lookUps.get("a", ask)).toEqual({ n: 2 });
  });

  it("does not keep an answer that was under way when it was dropped", async () => {
    const lookUps = createLookUps<{ text: string }>({ ttl: 60_000 });
    const old = Promise.withResolvers<{ text: string }>();
    const waiting = lookUps.get("a", () => old.promise);
    lookUps.drop("a");
    expect(await lookUps.get("a", async () => ({ text: "new" }))).toEqual({ text: "new" });
    old.resolve({ text: "old" });
    expect(await waiting).toEqual({ text: "old" });
    expect(await lookUps.get("a", async () => ({ text: "newer" }))).toEqual({ text: "new" });
  });

  it("drops all answers with a tag, and keeps none that was under way", async () => {
    const lookUps = createLookUps<{ of: string }>({ ttl: 60_000, tagsOf: ({ of }) => [of] });
    const ask = (of: string) => async () => ({ of });
    await Promise.all([lookUps.get("a", ask("x")), lookUps.get("b", ask("x")), lookUps.get("c", ask("y"))]);
    const old = Promise.withResolvers<{ of: string }>();
    const waiting = lookUps.get("d", () => old.promise);
    lookUps.dropTagged("x");
    old.resolve({ of: "x" });
    await waiting;
    const kept = await Promise.all(["a", "b", "c", "d"].map((key) => lookUps.get(key, ask("new"))));
    expect(kept.map(({ of }) => of)).toEqual(["new", "new", "y", "new"]);
    lookUps.dropTagged("x");
    expect(await lookUps.get("a", ask("newer"))).toEqual({ of: "new" });
    lookUps.clear();
    expect(await lookUps.get("c", ask("newest"))).toEqual({ of: "newest" });
  });

  it("keeps no failure, and only what is to be kept", async () => {
    const lookUps = createLookUps<{ good: boolean }>({ ttl: 60_000, isKept: ({ good }) => good });
    const fail = () => Promise.reject(new Error("away"));
    await expect(lookUps.get("a", fail)).rejects.toThrow("away");
    expect(await lookUps.get("a", async () => ({ good: false }))).toEqual({ good: false });
    expect(await lookUps.get("a", async () => ({ good: true }))).toEqual({ good: true });
    expect(await lookUps.get("a", fail)).toEqual({ good: true });
  });
});
