import { describe, expect, it } from "vitest";
import { requireDiskSpace } from "./disk.ts";
import { ensureTools } from "./install-tools.ts";
import { createOutput } from "./output.ts";
import { installCommand, START_TOOLS, TEST_TOOLS } from "./tools.ts";

const everywhere = { "apt-get": "no-such", dnf: "no-such", apk: "no-such", brew: "no-such" };
const missing = { name: "Sample", isPresent: () => false, packages: everywhere };
const output = createOutput(process.stderr);

describe("ensureTools", () => {
  it("does nothing when everything is there", async () => {
    await ensureTools([{ ...missing, isPresent: () => true }], output, { yes: false, isRoot: false });
  });

  it("names the command instead of running it when nobody can be asked", async () => {
    const failure = await ensureTools([missing], output, { yes: false, isRoot: false }).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({
      message: "Sample: not installed.",
      remedy: expect.stringMatching(/no-such.*--yes/),
    });
  });
});

describe("tools", () => {
  it("are installed by the command an operator would type", () => {
    expect(installCommand("apt-get", ["a", "b"])).toEqual(["apt-get", "install", "-y", "a", "b"]);
    expect(installCommand("apk", ["a"])).toEqual(["apk", "add", "a"]);
  });

  it("for tests are those for start and more", () => {
    expect(TEST_TOOLS).toEqual(expect.arrayContaining([...START_TOOLS]));
    expect(TEST_TOOLS.length).toBeGreaterThan(START_TOOLS.length);
  });
});

describe("requireDiskSpace", () => {
  it("says how much is free and how much is needed", () => {
    expect(() => requireDiskSpace(import.meta.dirname, () => 5e8)).toThrow(/Only 500 MB.*needs 2 GB/);
    expect(() => requireDiskSpace(import.meta.dirname, () => 2e9)).not.toThrow();
  });

  it("says so when the folder cannot be made", () => {
    expect(() => requireDiskSpace(`${import.meta.filename}/folder`)).toThrow(/cannot be made/);
  });
});
