import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { countChecks, countExitCode, countVitest, totalLine } from "./suites.ts";

let folder: string;
let reportFile: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "passbridge-report-"));
  reportFile = join(folder, "report.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

const outcome = (exitCode: number, stdout = "") => ({ exitCode, stdout, reportFile });
const report = (content: object) => writeFileSync(reportFile, JSON.stringify(content));

describe("counting", () => {
  it("takes a plain command for one test", () => {
    expect(countExitCode(outcome(0))).toEqual({ passed: 1, failed: 0, skipped: 0 });
    expect(countExitCode(outcome(2))).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  it("counts each check", () => {
    expect(countChecks(outcome(1, "…\n7 checks passed, 2 failed\n"))).toEqual({ passed: 7, failed: 2, skipped: 0 });
    expect(countChecks(outcome(1, "cannot run"))).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  it("counts vitest's tests, and a run that broke without a failed test as one failure", () => {
    report({ numPassedTests: 5, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1 });
    expect(countVitest(outcome(1))).toEqual({ passed: 5, failed: 1, skipped: 3 });
    report({ numPassedTests: 5, numFailedTests: 0 });
    expect(countVitest(outcome(1))).toEqual({ passed: 5, failed: 1, skipped: 0 });
  });

  it("takes a missing report for a failure", () => {
    expect(countVitest(outcome(0))).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});

describe("totalLine", () => {
  it("sums all suites and mentions skipped tests only when there are any", () => {
    const suites = [
      { passed: 3, failed: 0, skipped: 0 },
      { passed: 4, failed: 1, skipped: 0 },
    ];
    expect(totalLine(suites)).toBe("7 passed, 1 failed");
    expect(totalLine([...suites, { passed: 0, failed: 0, skipped: 2 }])).toBe("7 passed, 1 failed, 2 skipped");
  });
});
