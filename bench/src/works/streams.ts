import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { TestBrowser } from "../../../gateway/test/support/browser.ts";
import { waitUntil } from "../../../scripts/wait-until.ts";
import { cookieHeader, createPasskeySession } from "../people.ts";
import type { Bench } from "../processes.ts";
import { residentBytesOf, watchMemory } from "../resident-memory.ts";
import type { Figure, Trial } from "../rounds.ts";
import type { Scale } from "../scale.ts";
import { type Line, type LineRequest, openLines } from "../streams/open-lines.ts";

const SOCKETS = import.meta.resolve("../baselines/sockets.ts");
const PEOPLE = 10;
const MEGABYTE = 2 ** 20;
const LONGEST_REVOKE = 30_000;

type Door = Pick<Bench, "gateway" | "origin">;

const eventStream = ({ gateway, origin }: Door, cookie: string): LineRequest => ({
  origin,
  address: gateway.address,
  path: "/api/auth/events",
  headers: { accept: "text/event-stream", cookie },
  begins: "HTTP/1.1 200 ",
  ends: '"authenticated":false',
});

const webSocket = ({ gateway, origin }: Door, cookie: string): LineRequest => ({
  origin,
  address: gateway.address,
  path: "/socket",
  headers: {
    cookie,
    origin,
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": randomBytes(16).toString("base64"),
  },
  begins: "HTTP/1.1 101 ",
  ends: "\u0088",
});

/** One person's share of everything that is open. */
function openAll(door: Door, cookie: string, { eventStreams, sockets }: Scale["open"]): Promise<Line[]> {
  const many = (count: number, of: (door: Door, cookie: string) => LineRequest) =>
    Array.from({ length: count / PEOPLE }, () => of(door, cookie));
  return openLines([...many(eventStreams, eventStream), ...many(sockets, webSocket)]);
}

/** Signs a person out everywhere at another replica; seconds until the last of what they had open knew. */
async function revoke(browser: TestBrowser, lines: readonly Line[]): Promise<number> {
  const began = performance.now();
  const answer = await browser.post("/api/auth/logout", { everywhere: true });
  if (answer.status !== 204) throw new Error(`logout: ${answer.status}`);
  const ends = async () => {
    const known = lines.flatMap((line) => line.endedAt() ?? []);
    if (known.length < lines.length) throw new Error(`${lines.length - known.length} are still open`);
    return known;
  };
  const ended = await waitUntil(ends, { timeout: LONGEST_REVOKE, what: "everything to end" });
  return (Math.max(...ended) - began) / 1_000;
}

async function measureStreams(bench: Bench, open: Scale["open"]): Promise<Figure[]> {
  const upstream = await bench.startBaseline({ program: SOCKETS });
  const door = await bench.startSecondGateway(bench.stack.databaseUrl, { UPSTREAM_URL: upstream.address });
  const browsers: TestBrowser[] = [];
  while (browsers.length < PEOPLE) browsers.push(await createPasskeySession(bench.origin));
  const megabytes = () => (residentBytesOf(door.gateway.pid) ?? 0) / MEGABYTE;
  const idle = megabytes();
  const lines: Line[][] = [];
  const { most } = await watchMemory(door.gateway.pid, async () => {
    for (const browser of browsers) lines.push(await openAll(door, cookieHeader(browser), open));
  });
  await sleep(open.settling);
  const full = megabytes();
  const [first, ...others] = browsers;
  const [firstLines = [], ...otherLines] = lines;
  if (!first) throw new Error("There is nobody");
  const seconds = await revoke(first, firstLines);
  const wrong = otherLines.flat().filter((line) => line.endedAt() !== null).length;
  if (wrong > 0) throw new Error(`${wrong} of ${others.length} other people's connections ended`);
  for (const line of lines.flat()) line.close();
  return [
    { what: "memory above idle", value: full - idle, unit: "MB", target: { atMost: 150 } },
    { what: "memory above idle while they were opened, at most", value: (most ?? 0) / MEGABYTE - idle, unit: "MB" },
    {
      what: `a revoke reaches all ${firstLines.length} of one person's`,
      value: seconds,
      unit: "s",
      target: { atMost: 2 },
    },
  ];
}

/** Event streams and WebSockets that are open and say nothing. */
export async function createStreamWorks(bench: Bench, { open }: Scale): Promise<Trial[]> {
  const count = (value: number) => value.toLocaleString("en");
  const name = `${count(open.eventStreams)} idle event streams, ${count(open.sockets)} WebSockets`;
  return [{ name, run: () => measureStreams(bench, open) }];
}
