import { askGateway, type GatewayAnswer } from "../gateway-answer.ts";
import { createPageSide, expectPage } from "../load.ts";
import { cookieHeader, createPasskeySession, SESSIONS } from "../people.ts";
import type { Bench } from "../processes.ts";
import type { HeldSide, Work } from "../rounds.ts";
import { createBareSides, startExpressSession } from "./express-sides.ts";

export const SESSION_PATH = "/api/auth/session";

/** Reads a passkey session of its own: express-session moves a session's end, which the gateway's answer would show. */
async function expressSession(bench: Bench, same: GatewayAnswer): Promise<HeldSide> {
  const { url, ...side } = await startExpressSession(bench, same);
  const cookie = cookieHeader(await createPasskeySession(bench.origin));
  return createPageSide({ ...side, target: { atLeast: 2 } }, { url, headers: { cookie } }, same.expected);
}

async function kratosWhoami({ kratos: { address, pid } }: Bench, cookie: string): Promise<HeldSide> {
  const request = { url: `${address}/sessions/whoami`, headers: { cookie } };
  const body = await expectPage(request, (text) => JSON.parse(text).active);
  return createPageSide({ name: "Kratos whoami", pid, target: { atLeast: 12 } }, request, body);
}

async function sessionCheck(bench: Bench, kind: keyof typeof SESSIONS): Promise<Work> {
  const cookie = cookieHeader(await SESSIONS[kind](bench.origin));
  const request = { url: bench.gateway.address + SESSION_PATH, headers: { cookie } };
  const same = await askGateway(request, (text) => JSON.parse(text).auth_method === kind);
  const passkey = kind === "passkey";
  const bare = await createBareSides(bench, same, request, passkey ? { atLeast: 1 } : undefined);
  return {
    name: `session check, ${kind} session`,
    gateway: createPageSide({ name: "gateway", pid: bench.gateway.pid }, request, same.expected),
    baselines: [...bare, passkey ? await expressSession(bench, same) : await kratosWhoami(bench, cookie)],
  };
}

/** GET /api/auth/session for either kind of session. */
export async function createSessionWorks(bench: Bench): Promise<Work[]> {
  return [await sessionCheck(bench, "passkey"), await sessionCheck(bench, "password")];
}
