import { describe, expect, it } from "vitest";
import { firstDifference } from "./packages.ts";

const packages = (entries: Record<string, object>) => ({ packages: entries });
const LOCKED = packages({
  "": { version: "0.1.0" },
  gateway: { version: "0.1.0" },
  "node_modules/a": { version: "1.0.0" },
  "node_modules/for-other-systems": { version: "2.0.0", optional: true },
});

describe("firstDifference", () => {
  it("finds none when everything that has to be is installed", () => {
    expect(firstDifference(LOCKED, packages({ "node_modules/a": { version: "1.0.0" } }))).toBeNull();
  });

  it("names a missing package and one in another version", () => {
    expect(firstDifference(LOCKED, packages({}))).toBe("node_modules/a");
    expect(firstDifference(LOCKED, packages({ "node_modules/a": { version: "1.0.1" } }))).toBe("node_modules/a");
    const installed = packages({
      "node_modules/a": { version: "1.0.0" },
      "node_modules/for-other-systems": { version: "1" },
    });
    expect(firstDifference(LOCKED, installed)).toBe("node_modules/for-other-systems");
  });
});
