import { request as startRequest } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { waitUntil } from "../../../scripts/wait-until.ts";
import { cookieHeader, keepCookies, type TestBrowser } from "./browser.ts";

/** A session event as it was told, and when (performance.now()). */
export type TestEvent = { readonly id: string; readonly body: Record<string, unknown>; readonly at: number };

export type TestEventSource = {
  readonly events: TestEvent[];
  /** The status of each answer so far: one for each time it was opened. */
  readonly statuses: number[];
  readonly headers: () => Readonly<Record<string, unknown>>;
  readonly comments: () => number;
  /** The last retry the server asked for. */
  readonly retry: () => number;
  /** Waits for the newest event to be of such a session. */
  readonly told: (fits: (body: Record<string, unknown>) => boolean, what?: string) => Promise<TestEvent>;
  readonly close: () => void;
};

export const isSignedOut = ({ authenticated }: Record<string, unknown>) => authenticated === false;
export const isSignedIn = ({ authenticated }: Record<string, unknown>) => authenticated === true;

type Reader = { events: TestEvent[]; statuses: number[]; comments: number; retry: number; headers: object };

function take(reader: Reader, block: string): void {
  const fields = new Map<string, string>();
  for (const line of block.split("\n")) {
    const at = line.indexOf(":");
    if (at === 0) reader.comments += 1;
    else fields.set(line.slice(0, at), line.slice(at + 1).trimStart());
  }
  const retry = fields.get("retry");
  if (retry !== undefined) reader.retry = Number(retry);
  const data = fields.get("data");
  if (fields.get("event") !== "session" || data === undefined) return;
  reader.events.push({ id: fields.get("id") ?? "", body: JSON.parse(data), at: performance.now() });
}

/** Reads one answer to its end; whether there is to be a next one, as EventSource has it. */
function readOnce(browser: TestBrowser, reader: Reader, signal: AbortSignal): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const headers = { accept: "text/event-stream", cookie: cookieHeader(browser) };
  const asked = startRequest(new URL("/api/auth/events", browser.origin), { headers, signal, agent: false });
  asked.on("error", () => resolve(!signal.aborted));
  asked.on("response", (answer) => {
    reader.statuses.push(answer.statusCode ?? 0);
    reader.headers = answer.headers;
    keepCookies(browser.cookies, answer.headers["set-cookie"] ?? []);
    let text = "";
    answer.setEncoding("utf8").on("data", (chunk: string) => {
      const blocks = (text + chunk).split("\n\n");
      text = blocks.pop() ?? "";
      for (const block of blocks) take(reader, block);
    });
    answer.on("error", () => undefined).on("close", () => resolve(answer.statusCode === 200 && !signal.aborted));
  });
  asked.end();
  return promise;
}

/** An EventSource with a browser's cookies, as they are each time it comes back. Close it. */
export function openEventSource(browser: TestBrowser): TestEventSource {
  const reader: Reader = { events: [], statuses: [], comments: 0, retry: 3_000, headers: {} };
  const closing = new AbortController();
  const run = async () => {
    while (await readOnce(browser, reader, closing.signal)) {
      await delay(reader.retry, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  };
  void run();
  return {
    events: reader.events,
    statuses: reader.statuses,
    headers: () => ({ ...reader.headers }),
    comments: () => reader.comments,
    retry: () => reader.retry,
    told: (fits, what = "the event") =>
      waitUntil(
        async () => {
          const newest = reader.events.at(-1);
          if (!newest || !fits(newest.body)) throw new Error(`told last: ${JSON.stringify(newest?.body)}`);
          return newest;
        },
        { what, timeout: 20_000 },
      ),
    close: () => closing.abort(),
  };
}
