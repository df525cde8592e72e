import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { expect } from "vitest";
import { createBrowser, type TestBrowser } from "./browser.ts";
import { isSignedIn, isSignedOut, openEventSource } from "./event-source.ts";
import type { Replicas } from "./replicas.ts";

/** Milliseconds from the beginning of a revocation until it had come through. */
export type RevocationTimes = { readonly http: number; readonly events: number; readonly socket: number };

export type RevocationRow = { readonly what: string; readonly where: string } & RevocationTimes;

const statusOf = async (browser: TestBrowser) => (await browser.fetch("/page")).status;

/** A browser that uses the application, listens for events and holds a WebSocket open, all on one replica. */
async function watchBrowser(replicas: Replicas, browser: TestBrowser) {
  const source = openEventSource(browser);
  await source.told(isSignedIn, "a session");
  const socket = await replicas.openSocket(browser);
  // Whatever this replica keeps close of the session it knows by now.
  expect(await statusOf(browser)).toBe(200);
  const closed = once(socket, "close").then(() => performance.now());
  return {
    until: async (start: number): Promise<RevocationTimes> => {
      const refused = async () => {
        while ((await statusOf(browser)) !== 401) await setImmediate();
        return performance.now();
      };
      const told = source.told(isSignedOut, "the end of the session").then(({ at }) => at);
      const [http, events, ended] = await Promise.all([refused(), told, closed]);
      return { http: http - start, events: events - start, socket: ended - start };
    },
    close: () => {
      source.close();
      socket.terminate();
    },
  };
}

/**
 * Measures how long it takes until a browser whose session is revoked is refused over HTTP, told on its event stream,
 * and its WebSocket closed: on the replica that revokes and on the other.
 * @param victim whose session is revoked; its cookies are used on both replicas.
 */
export async function measureRevocation(
  replicas: Replicas,
  victim: TestBrowser,
  what: string,
  revoke: () => Promise<unknown>,
): Promise<RevocationRow[]> {
  // Copies of the cookies: a sign-out takes the browser's own, and requests that are under way still carry them.
  const places = { here: replicas.here.origin, there: replicas.there.origin };
  const watched = await Promise.all(
    Object.entries(places).map(async ([where, origin]) => ({
      where,
      watch: await watchBrowser(replicas, createBrowser(origin, new Map(victim.cookies))),
    })),
  );
  try {
    const start = performance.now();
    const times = Promise.all(
      watched.map(async ({ where, watch }) => ({ what, where, ...(await watch.until(start)) })),
    );
    await revoke();
    return await times;
  } finally {
    for (const { watch } of watched) watch.close();
  }
}

const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** The medians of rows, one line for each way and replica. */
export function printMedians(rows: readonly RevocationRow[]): void {
  const groups = Map.groupBy(rows, ({ what, where }) => `${what}, ${where === "here" ? "this" : "another"} replica`);
  for (const [name, group] of groups) {
    const of = (pick: keyof RevocationTimes) => `${pick} ${Math.round(median(group.map((row) => row[pick])))} ms`;
    console.info(`revoked by ${name}: ${of("http")}, ${of("events")}, ${of("socket")} (n = ${group.length})`);
  }
}
