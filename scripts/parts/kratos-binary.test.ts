import { describe, expect, it } from "vitest";
import { kratosBinaryPath, kratosVersion, parseGoMinor } from "./kratos-binary.ts";

describe("the built Kratos", () => {
  it("lies outside the checkout, named after its version and dependencies", () => {
    expect(kratosVersion()).toMatch(/^v\d+\.\d+\.\d+$/);
    expect(kratosBinaryPath("/cache")).toMatch(new RegExp(`^/cache/kratos-${kratosVersion()}-[0-9a-f]{12}$`));
  });

  it("is built with a Go whose version is read from its own words", () => {
    expect(parseGoMinor("go version go1.26.8 linux/amd64")).toBe(26);
    expect(parseGoMinor("go version go1.19 darwin/arm64")).toBe(19);
    expect(parseGoMinor("zsh: command not found: go")).toBeNull();
  });
});
