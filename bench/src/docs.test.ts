import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { documentsOf, pageWith, readRun } from "./docs.ts";

const run = readRun();

it("finds table and chart as the kept run has them", () => {
  for (const [path, text] of documentsOf(run)) expect(readFileSync(path, "utf8"), path).toBe(text);
});

it("has nowhere to write without markers", () => {
  expect(() => pageWith("# Performance\n", run)).toThrow("no line");
});
