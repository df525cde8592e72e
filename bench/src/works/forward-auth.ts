import { askGateway } from "../gateway-answer.ts";
import { createPageSide } from "../load.ts";
import { cookieHeader, SESSIONS } from "../people.ts";
import type { Bench } from "../processes.ts";
import type { Work } from "../rounds.ts";
import { createBareSides } from "./express-sides.ts";

type Headers = Readonly<Record<string, string>>;

/** The exits of the HTTP contract and how proxies tell them of the request they ask about. */
const EXITS: Readonly<Record<string, (host: string) => Headers>> = {
  "auth-request": (host) => ({
    "x-original-url": `http://${host}/page`,
    "x-original-method": "GET",
    "x-forwarded-for": "192.0.2.7",
  }),
  "forward-auth": (host) => ({
    "x-forwarded-method": "GET",
    "x-forwarded-proto": "http",
    "x-forwarded-host": host,
    "x-forwarded-uri": "/page",
    "x-forwarded-for": "192.0.2.7",
  }),
};

async function exitWork(bench: Bench, exit: string, told: Headers, kind: keyof typeof SESSIONS): Promise<Work> {
  const cookie = cookieHeader(await SESSIONS[kind](bench.origin));
  const request = { url: `${bench.gateway.address}/api/authz/${exit}`, headers: { ...told, cookie } };
  const same = await askGateway(request, (_body, headers) => headers.get("x-auth-method") === kind);
  return {
    name: `${exit}, ${kind} session`,
    gateway: createPageSide({ name: "gateway", pid: bench.gateway.pid }, request, same.expected),
    baselines: await createBareSides(bench, same, request, { atLeast: 1 }),
  };
}

/** What other proxies ask about each request, for either kind of session. */
export async function createForwardAuthWorks(bench: Bench): Promise<Work[]> {
  const { host } = new URL(bench.origin);
  const works: Work[] = [];
  for (const [exit, told] of Object.entries(EXITS)) {
    works.push(await exitWork(bench, exit, told(host), "passkey"), await exitWork(bench, exit, told(host), "password"));
  }
  return works;
}
