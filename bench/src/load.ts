import autocannon, { type Options, type Result } from "autocannon";
import { type ExpectedAnswer, type PageRequest, runWrk } from "./load/wrk.ts";
import type { HeldSide, Run, Side } from "./rounds.ts";

export const CONNECTIONS = 32;

const MAX_REQUESTS = 500_000;
/** Also how late a run may end; the load tool's own default of a second would be half a round. */
const SAMPLE_INTERVAL = 50;

/** Milliseconds in which somebody has to have answered. */
const LONG_ENOUGH = 10_000;

const isEmpty = (result: Result) => result["2xx"] + result.non2xx + result.errors + result.timeouts === 0;

function requireGood(name: string, result: Result): void {
  const { non2xx, errors, timeouts, mismatches } = result;
  if (non2xx + errors + timeouts + mismatches === 0 && result["2xx"] > 0) return;
  const counts = `${result["2xx"]} good, ${non2xx} refused, ${mismatches} other bodies, ${errors} errors, ${timeouts} timeouts`;
  throw new Error(`${name} did not do its work: ${counts}`);
}

/**
 * Sends requests over 32 connections, each the next as soon as the last is answered.
 * @returns how many good answers there were.
 * @throws Error when one answer was wrong: a refusal is quick, and no measure of the work.
 */
export async function applyLoad(name: string, milliseconds: number, options: Options): Promise<Run> {
  const result = await autocannon({
    connections: CONNECTIONS,
    duration: milliseconds / 1_000,
    maxOverallRequests: MAX_REQUESTS,
    sampleInt: SAMPLE_INTERVAL,
    timeout: 10,
    ...options,
  });
  // On a slow machine a short time may be too short for a single answer.
  if (isEmpty(result) && milliseconds < LONG_ENOUGH) return applyLoad(name, milliseconds * 2, options);
  requireGood(name, result);
  return { done: result["2xx"], seconds: (result.finish.getTime() - result.start.getTime()) / 1_000 };
}

/** Fetches once, for the body that every later answer is held against; rejects unless it is a 200 that fits. */
export async function expectPage({ url, headers = {} }: PageRequest, fits: (body: string) => boolean): Promise<string> {
  const response = await fetch(url, { headers });
  const body = await response.text();
  if (response.status !== 200 || !fits(body)) throw new Error(`${url} answered ${response.status} ${body}`);
  return body;
}

/** @param expected the body alone stands for a 200 with it. */
export function createPageSide<S extends Omit<HeldSide, "measure">>(
  side: S,
  request: PageRequest,
  expected: string | ExpectedAnswer,
): S & Side {
  const whole =
    typeof expected === "string" ? { status: 200, length: Buffer.byteLength(expected), body: expected } : expected;
  const measure = (milliseconds: number) =>
    runWrk(side.name, { connections: CONNECTIONS, milliseconds, request, expected: whole });
  return { ...side, measure };
}
