import { readFileSync } from "node:fs";

/** Counts of a suite's results. */
export type Tally = { readonly passed: number; readonly failed: number; readonly skipped: number };

export type SuiteOutcome = { readonly exitCode: number; readonly stdout: string; readonly reportFile: string };

/** One command of ./manage.sh test and how its results are counted. */
export type Suite = {
  readonly name: string;
  readonly command: (reportFile: string) => readonly [string, ...string[]];
  readonly count: (outcome: SuiteOutcome) => Tally;
};

const VITEST_REPORTERS = (file: string) => ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];

/** Everything ./manage.sh test runs, in this order. */
export const SUITES: readonly Suite[] = [
  { name: "build", command: () => ["node", "scripts/manage/build-now.ts"], count: countExitCode },
  { name: "checks", command: () => ["npm", "run", "check"], count: countChecks },
  { name: "tests", command: (file) => ["npm", "test", "--", ...VITEST_REPORTERS(file)], count: countVitest },
  {
    name: "end to end",
    command: (file) => ["npm", "run", "test", "-w", "e2e", "--", ...VITEST_REPORTERS(file)],
    count: countVitest,
  },
];

/** A command that is one test: passed when it ended with 0. */
export function countExitCode({ exitCode }: SuiteOutcome): Tally {
  return exitCode === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

/** A suite that ended badly without a failed test of its own still counts as one failure. */
function withExitCode(tally: Tally, exitCode: number): Tally {
  return exitCode !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
}

/** `npm run check` ends with "N checks passed, N failed". */
export function countChecks({ exitCode, stdout }: SuiteOutcome): Tally {
  const found = /(\d+) checks passed, (\d+) failed/.exec(stdout);
  return withExitCode({ passed: Number(found?.[1] ?? 0), failed: Number(found?.[2] ?? 0), skipped: 0 }, exitCode);
}

type VitestReport = {
  readonly numPassedTests?: number;
  readonly numFailedTests?: number;
  readonly numPendingTests?: number;
  readonly numTodoTests?: number;
};

/** Vitest's JSON report; a run without a report has failed. */
export function countVitest({ exitCode, reportFile }: SuiteOutcome): Tally {
  const report = readReport(reportFile);
  if (!report) return { passed: 0, failed: 1, skipped: 0 };
  const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0, numTodoTests = 0 } = report;
  return withExitCode(
    { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests },
    exitCode,
  );
}

function readReport(file: string): VitestReport | null {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as VitestReport;
  } catch {
    return null;
  }
}

/** The sum over all suites as the last line of a run: `N passed, N failed`, and the skipped ones if there are any. */
export function totalLine(tallies: readonly Tally[]): string {
  const sum = (key: keyof Tally) => tallies.reduce((total, tally) => total + tally[key], 0);
  const skipped = sum("skipped");
  return `${sum("passed")} passed, ${sum("failed")} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
