import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createLogReader, readTail } from "./log-reader.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "passbridge-logs-"));
  file = join(folder, "x.log");
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("log files", () => {
  it("have a tail, also when they are missing or short", () => {
    expect(readTail(file, 2)).toEqual({ lines: [], end: 0 });
    writeFileSync(file, "1\n2\n3\n");
    expect(readTail(file, 2)).toEqual({ lines: ["2", "3"], end: 6 });
    expect(readTail(file, 9).lines).toEqual(["1", "2", "3"]);
  });

  it("are followed by whole lines, without tearing letters apart", () => {
    writeFileSync(file, "old\n");
    const reader = createLogReader(file, 4);
    expect(reader.read()).toEqual([]);
    const bytes = Buffer.from("grün\nhalf");
    appendFileSync(file, bytes.subarray(0, 3));
    expect(reader.read()).toEqual([]);
    appendFileSync(file, bytes.subarray(3));
    expect(reader.read()).toEqual(["grün"]);
    appendFileSync(file, " done\n");
    expect(reader.read()).toEqual(["half done"]);
  });

  it("are read from the start again when they were begun anew", () => {
    writeFileSync(file, "a long line\n");
    const reader = createLogReader(file, 12);
    writeFileSync(file, "new\n");
    expect(reader.read()).toEqual(["new"]);
  });
});
