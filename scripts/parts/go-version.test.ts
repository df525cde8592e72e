import { describe, expect, it } from "vitest";
import { type GoVersion, goUse, isOlder, parseGoDirective, parseGoVersion } from "./go-version.ts";

describe("parseGoVersion", () => {
  it("reads what Go says about itself", () => {
    expect(parseGoVersion("go version go1.26.8 linux/amd64")).toEqual([1, 26, 8]);
    expect(parseGoVersion("go version go1.19 darwin/arm64")).toEqual([1, 19, 0]);
    expect(parseGoVersion("go version go1.25rc1 linux/amd64")).toEqual([1, 25, 0]);
    expect(parseGoVersion("zsh: command not found: go")).toBeNull();
  });
});

describe("parseGoDirective", () => {
  it("reads the go line, and not a module that looks like one", () => {
    expect(parseGoDirective("module example.com/go 1.2\n\ngo 1.24.0\n\ntoolchain go1.25.1\n")).toEqual([1, 24, 0]);
    expect(parseGoDirective("module x\ngo 1.22\n")).toEqual([1, 22, 0]);
  });

  it("refuses a go.mod without one", () => {
    expect(() => parseGoDirective("module example.com/x\n\ntoolchain go1.25.1\n")).toThrow(/no go directive/);
  });
});

describe("isOlder", () => {
  it.each<[GoVersion, GoVersion, boolean]>([
    [[1, 9, 0], [1, 24, 0], true],
    [[1, 24, 0], [1, 9, 7], false],
    [[1, 24, 0], [1, 24, 0], false],
    [[1, 24, 0], [1, 24, 10], true],
    [[1, 24, 10], [1, 24, 9], false],
    [[1, 30, 0], [2, 0, 0], true],
    [[2, 0, 0], [1, 30, 0], false],
  ])("%j before %j: %s", (one, other, expected) => {
    expect(isOlder(one, other)).toBe(expected);
  });
});

describe("goUse", () => {
  it("builds with a Go that is new enough, or that switches by itself", () => {
    expect(goUse([1, 26, 8], [1, 24, 0])).toBe("itself");
    expect(goUse([1, 24, 0], [1, 24, 0])).toBe("itself");
    expect(goUse([1, 21, 0], [1, 24, 0])).toBe("itself");
    expect(goUse([1, 18, 0], [1, 18, 0])).toBe("itself");
  });

  it("has an older one download the toolchain", () => {
    expect(goUse([1, 20, 14], [1, 24, 0])).toBe("downloads-toolchain");
    expect(goUse([1, 17, 0], [1, 24, 0])).toBe("downloads-toolchain");
  });

  it("refuses one that is older still, or that does not say", () => {
    expect(goUse([1, 16, 15], [1, 24, 0])).toBe("too-old");
    expect(goUse(null, [1, 24, 0])).toBe("too-old");
  });
});
