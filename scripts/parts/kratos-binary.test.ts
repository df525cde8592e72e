import { describe, expect, it } from "vitest";
import { TOOLCHAIN_VERSION } from "./go-toolchain.ts";
import { isOlder, parseGoVersion } from "./go-version.ts";
import { goForKratos, kratosBinaryPath, kratosVersion } from "./kratos-binary.ts";

describe("the built Kratos", () => {
  it("lies outside the checkout, named after its version and dependencies", () => {
    expect(kratosVersion()).toMatch(/^v\d+\.\d+\.\d+$/);
    expect(kratosBinaryPath("/cache")).toMatch(new RegExp(`^/cache/kratos-${kratosVersion()}-[0-9a-f]{12}$`));
  });

  it("is built with a Go no older than its module asks for, when one has to be downloaded", () => {
    const downloaded = parseGoVersion(`go${TOOLCHAIN_VERSION}`);
    expect(downloaded && isOlder(downloaded, goForKratos())).toBe(false);
  });
});
