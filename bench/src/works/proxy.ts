import type { SessionKind } from "../../../gateway/src/sessions/session.ts";
import { createPageSide, expectPage } from "../load.ts";
import { cookieHeader, SESSIONS } from "../people.ts";
import type { Bench } from "../processes.ts";
import type { Work } from "../rounds.ts";

const PATH = "/page";
const BYTES = 2_048;

async function proxiedPage({ origin, gateway, upstream }: Bench, kind: SessionKind): Promise<Work> {
  const cookie = cookieHeader(await SESSIONS[kind](origin));
  const direct = { url: upstream.address + PATH };
  const page = await expectPage(direct, (body) => body.length === BYTES);
  const request = { url: gateway.address + PATH, headers: { cookie } };
  return {
    name: `proxied 2 kB page, ${kind} session`,
    gateway: createPageSide({ name: "gateway", pid: gateway.pid }, request, page),
    baselines: [createPageSide({ name: "bare node:http upstream", pid: upstream.pid }, direct, page)],
  };
}

/** The upstream's 2 kB page through the gateway, with identity headers, for either kind of session. */
export async function createProxyWorks(bench: Bench): Promise<Work[]> {
  return [await proxiedPage(bench, "passkey"), await proxiedPage(bench, "password")];
}
