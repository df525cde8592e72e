import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadStaticFiles } from "./static-files.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "static-files-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("loadStaticFiles", () => {
  it("knows files by their path, and keeps only hashed ones for long", async () => {
    await mkdir(join(folder, "sample/assets"), { recursive: true });
    await writeFile(join(folder, "index.html"), "<p>page</p>");
    await writeFile(join(folder, "sample/assets/index-abc.js"), "1");
    await writeFile(join(folder, "notes.txt"), "not served");
    const files = await loadStaticFiles(folder);
    expect([...files.keys()].toSorted()).toEqual(["/", "/sample/assets/index-abc.js"]);
    expect(files.get("/")).toMatchObject({ type: "text/html; charset=utf-8", cacheControl: "no-cache" });
    expect(files.get("/sample/assets/index-abc.js")?.cacheControl).toContain("immutable");
  });

  it.each([
    ["is empty", () => folder],
    ["does not exist", () => join(folder, "gone")],
  ])("throws when the folder %s", async (_name, path) => {
    await expect(loadStaticFiles(path())).rejects.toThrow(/not built/);
  });
});
