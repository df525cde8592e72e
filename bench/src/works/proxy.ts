import { askGateway } from "../gateway-answer.ts";
import { createPageSide, expectPage } from "../load.ts";
import { cookieHeader, createPasswordSession, SESSIONS } from "../people.ts";
import type { Bench } from "../processes.ts";
import type { Server } from "../programs.ts";
import type { HeldSide, Work } from "../rounds.ts";
import { startPlainProxy, startWhoamiProxy } from "./nginx-sides.ts";

export const PAGE_PATH = "/page";
const WHO_PATH = "/who";
const BYTES = 2_048;

/** Rejects unless the application behind a proxy is told who asks. */
async function expectIdentity({ address }: Server, headers: Readonly<Record<string, string>>): Promise<void> {
  await expectPage({ url: address + WHO_PATH, headers }, (body) => /^[0-9a-f-]{36}$/.test(body));
}

async function plainNginx(bench: Bench): Promise<HeldSide> {
  const { address, pid } = await startPlainProxy(bench);
  const page = await expectPage({ url: address + PAGE_PATH }, (body) => body.length === BYTES);
  return createPageSide(
    { name: "nginx plain proxy", pid, target: { atLeast: 0.45 } },
    { url: address + PAGE_PATH },
    page,
  );
}

/** Kratos knows its own sessions alone: whichever the gateway is asked with, this side is asked with one of them. */
async function whoamiNginx(bench: Bench): Promise<HeldSide> {
  const { address, pid } = await startWhoamiProxy(bench);
  const headers = { cookie: cookieHeader(await createPasswordSession(bench.origin)) };
  await expectIdentity({ address, pid }, headers);
  const request = { url: address + PAGE_PATH, headers };
  const page = await expectPage(request, (body) => body.length === BYTES);
  return createPageSide({ name: "nginx + auth_request → Kratos whoami", pid, target: { atLeast: 10 } }, request, page);
}

async function proxiedPage(bench: Bench, kind: keyof typeof SESSIONS, baselines: readonly HeldSide[]): Promise<Work> {
  const headers = { cookie: cookieHeader(await SESSIONS[kind](bench.origin)) };
  await expectIdentity(bench.gateway, headers);
  const request = { url: bench.gateway.address + PAGE_PATH, headers };
  const { expected } = await askGateway(request, (body) => body.length === BYTES);
  return {
    name: `proxied 2 kB page, ${kind} session`,
    gateway: createPageSide({ name: "gateway", pid: bench.gateway.pid }, request, expected),
    baselines,
  };
}

/** The upstream's 2 kB page through the gateway, with identity headers, for either kind of session. */
export async function createProxyWorks(bench: Bench): Promise<Work[]> {
  const baselines = [await plainNginx(bench), await whoamiNginx(bench)];
  return [await proxiedPage(bench, "passkey", baselines), await proxiedPage(bench, "password", baselines)];
}
