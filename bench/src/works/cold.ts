import { type ColdSessions, seedColdSessions } from "../cold-sessions.ts";
import { askGateway, type GatewayAnswer } from "../gateway-answer.ts";
import { type ExpectedAnswer, type PageRequest, runWrk } from "../load/wrk.ts";
import { CONNECTIONS } from "../load.ts";
import type { Bench } from "../processes.ts";
import type { HeldSide, Side, Work } from "../rounds.ts";
import type { Scale } from "../scale.ts";
import { startExpressSession } from "./express-sides.ts";
import { PAGE_PATH } from "./proxy.ts";
import { SESSION_PATH } from "./session.ts";

/** A GET with another session each time. */
function coldSide<S extends Omit<HeldSide, "measure">>(
  side: S,
  sessions: ColdSessions,
  request: PageRequest,
  expected: ExpectedAnswer,
): S & Side {
  const measure = (milliseconds: number) =>
    sessions.use((cookies) =>
      runWrk(side.name, { connections: CONNECTIONS, milliseconds, request, expected, cookies }),
    );
  return { ...side, measure };
}

/** Express' sessions are others: it moves their ends, of which the gateway would be told. */
type Seeded = { readonly ours: ColdSessions; readonly theirs: ColdSessions };

async function coldWork(
  bench: Bench,
  { ours, theirs }: Seeded,
  { name, path, expect }: { name: string; path: string; expect: (same: GatewayAnswer) => ExpectedAnswer },
): Promise<Work> {
  const url = bench.gateway.address + path;
  const same = await askGateway({ url, headers: { cookie: ours.cookie } }, (body) => body.length > 0);
  const expected = expect(same);
  const { url: theirUrl, ...theirSide } = await startExpressSession(bench, same);
  const held = { ...theirSide, target: { atLeast: 0.5 } };
  return {
    name: `${name}, a new session each request`,
    gateway: coldSide({ name: "gateway", pid: bench.gateway.pid }, ours, { url }, expected),
    baselines: [coldSide(held, theirs, { url: theirUrl }, expected)],
  };
}

/** The body names the session, which is another one each time. */
const withoutBody = ({ expected: { status, length, headers = {} } }: GatewayAnswer): ExpectedAnswer => ({
  status,
  length,
  headers,
});

/** Passkey sessions that the gateway has never seen; each is used once before any is used again. */
export async function createColdWorks(bench: Bench, scale: Scale): Promise<Work[]> {
  const ours = await seedColdSessions(bench, "gateway", scale);
  const theirs = await seedColdSessions(bench, "express", scale);
  const seeded = { ours, theirs };
  return [
    await coldWork(bench, seeded, { name: "session check", path: SESSION_PATH, expect: withoutBody }),
    await coldWork(bench, seeded, { name: "proxied 2 kB page", path: PAGE_PATH, expect: ({ expected }) => expected }),
  ];
}
