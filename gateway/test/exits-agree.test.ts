import { randomInt } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { isBelow, OWN_PATHS } from "../src/http/own-paths.ts";
import { firstPolicy } from "../src/policy/passkey-policy.ts";
import { readRequestTarget } from "../src/policy/request-target.ts";
import { askExit, askProxy, closeExitConnections, EXITS, type Verdict } from "./support/exit-answers.ts";
import { type ExitPeople, signInExitPeople } from "./support/exit-people.ts";
import { type ExitRequest, exitRequest } from "./support/exit-requests.ts";
import { exitRules } from "./support/exit-rules.ts";
import { type RecordingUpstream, startRecordingUpstream } from "./support/recording-upstream.ts";
import { createTestDatabase, type RunningGateway, startGateway } from "./support/start-gateway.ts";

const COMPARED = 10_000;
const AT_ONCE = 16;
/** Between the sign-ins that are to be old and those that are to be new. */
const LATER = 10 * 60_000;

let upstream: RecordingUpstream;
/** Where people sign in. Of the others one replica is asked by other proxies, whom it trusts; people reach the other one by themselves. */
let entrance: RunningGateway;
let asked: RunningGateway;
let proxying: RunningGateway;
let people: ExitPeople;
let now: Date | null = null;

beforeAll(async () => {
  upstream = await startRecordingUpstream();
  const rules = exitRules(upstream.url);
  const overrides = {
    clock: () => now ?? new Date(),
    rules: () => rules,
    policy: async () => ({ ...firstPolicy(20), userVerification: "preferred" as const }),
  };
  const DATABASE_URL = await createTestDatabase();
  const never = { KRATOS_SESSION_CACHE_TTL: "0", IDENTITY_CACHE_TTL: "0" };
  entrance = await startGateway({ env: { DATABASE_URL, ...never }, overrides });
  people = await signInExitPeople({
    gateway: entrance,
    mailUrl: inject("stack").mailUrl,
    later: () => {
      now = new Date(Date.now() + LATER);
    },
  });
  // The sessions stay as they are for as long as the comparison takes.
  const long = { KRATOS_SESSION_CACHE_TTL: "1h", IDENTITY_CACHE_TTL: "1h" };
  const env = { DATABASE_URL, PUBLIC_URL: entrance.origin, ...long };
  proxying = await startGateway({ env, overrides });
  asked = await startGateway({ env: { ...env, TRUSTED_PROXIES: "127.0.0.1" }, overrides });
});
afterAll(async () => {
  await closeExitConnections();
  await Promise.all([asked, proxying, entrance].map(({ stop }) => stop()));
  upstream.stop();
});

const address = ({ server }: RunningGateway) => {
  const at = server.address();
  return `http://127.0.0.1:${typeof at === "object" ? at?.port : 0}`;
};

/** A page for people says by its status alone what a problem document says by its code as well. */
function agreeing(verdict: Verdict, proxy: Verdict): Verdict {
  const bothSay = verdict.code !== null && proxy.code !== null;
  return { ...verdict, code: bothSay ? verdict.code : proxy.code };
}

/**
 * What the gateway answers itself, no exit lets on as anybody's; a proxy sends it here. Written otherwise it may reach the
 * application, and is decided by the rules.
 */
function onOwnPath({ target }: ExitRequest, verdict: Verdict): Verdict {
  if (!isBelow(target.split("?", 1)[0] ?? "", OWN_PATHS)) return verdict;
  expect([200, 400, 403]).toContain(verdict.status);
  return { ...verdict, identity: {} };
}

async function compare(request: ExitRequest): Promise<Verdict> {
  const ask = (exit: (typeof EXITS)[number]) => askExit(address(asked), exit, request, people);
  const own = isBelow(readRequestTarget(request.target)?.path ?? "", OWN_PATHS);
  const expected = own
    ? onOwnPath(request, await ask("ext-authz"))
    : await askProxy(address(proxying), upstream, request, people, entrance.origin);
  for (const exit of EXITS) {
    expect({ exit, ...agreeing(await ask(exit), expected) }).toEqual({ exit, ...expected });
  }
  return expected;
}

/** Compares them, several at a time; the verdicts, and the place of the first request they disagree on. */
async function compareAll(requests: readonly ExitRequest[]) {
  const verdicts: Verdict[] = [];
  let next = 0;
  let failed: number | null = null;
  const work = async () => {
    while (next < requests.length && failed === null) {
      const at = next++;
      const request = requests[at];
      if (!request) return;
      await compare(request).then(
        (verdict) => verdicts.push(verdict),
        () => {
          failed = Math.min(at, failed ?? at);
        },
      );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { verdicts, failed };
}

const countBy = (verdicts: readonly Verdict[]) => {
  const counts = new Map<string, number>();
  for (const { status, code, identity } of verdicts) {
    const kind = [status, code ?? "", identity["Remote-User"] ? "somebody" : ""].filter(Boolean).join(" ");
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].toSorted());
};

it("proxy, auth-request, forward-auth and ext-authz agree on 10,000 generated requests", async () => {
  const requests = exitRequest(new URL(entrance.origin).host);
  const seed = randomInt(2 ** 31);
  const start = performance.now();
  const { verdicts, failed } = await compareAll(fc.sample(requests, { seed, numRuns: COMPARED }));
  if (failed !== null) {
    // The same request again, by itself, and then ever smaller ones.
    const replay = { seed, path: String(failed), numRuns: 1, interruptAfterTimeLimit: 60_000 };
    await fc.assert(
      fc.asyncProperty(requests, async (request) => void (await compare(request))),
      replay,
    );
    throw new Error(`request ${failed} of seed ${seed} was answered differently, but only beside others`);
  }
  expect(verdicts.length).toBe(COMPARED);
  const seconds = ((performance.now() - start) / 1_000).toFixed(1);
  console.log(`seed ${seed}: ${verdicts.length} requests compared in ${seconds} s`, countBy(verdicts));
  // Every kind of answer is among them, so that agreement means something.
  const kinds = new Set(verdicts.map(({ status }) => status));
  expect([...kinds].toSorted()).toEqual([200, 302, 303, 400, 401, 403]);
}, 300_000);
