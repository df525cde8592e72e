import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { kratosFinding } from "./version-findings.ts";

describe("kratosFinding", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "passbridge-doctor-"));
    vi.stubEnv("XDG_CACHE_HOME", folder);
    vi.stubEnv("PATH", `${folder}:${process.env.PATH}`);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  });

  it.each([
    ["go1.26.8", true, /the first start does it with go version go1\.26\.8/],
    ["go1.19.8", true, /the first start does it with Go [\d.]+, which go version go1\.19\.8 .+ downloads/],
    ["go1.15.15", false, /go version go1\.15\.15 .+ is too old for that; install Go 1\.24\.0 or newer/],
  ])("says what comes of %s", async (version, ok, text) => {
    await writeFile(join(folder, "go"), `#!/bin/sh\necho go version ${version} linux/amd64\n`, { mode: 0o755 });
    expect(await kratosFinding()).toEqual({ ok, text: expect.stringMatching(text) });
  });
});
