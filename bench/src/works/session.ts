import { SESSION_PREFIX } from "../../../gateway/src/sessions/passkey-session.ts";
import type { SessionKind } from "../../../gateway/src/sessions/session.ts";
import { createPageSide, expectPage } from "../load.ts";
import { cookieHeader, createPasskeySession, SESSIONS } from "../people.ts";
import type { Bench } from "../processes.ts";
import type { Side, Work } from "../rounds.ts";

const PATH = "/api/auth/session";
const SESSION_COOKIE = "passbridge_session";
const BARE_EXPRESS = import.meta.resolve("../baselines/bare-express.ts");
const EXPRESS_SESSION = import.meta.resolve("../baselines/express-session.ts");

async function bareExpress(bench: Bench, body: string): Promise<Side> {
  const { address, pid } = await bench.startBaseline({ program: BARE_EXPRESS, env: { BODY: body } });
  return createPageSide({ name: "bare Express, same bytes", pid }, { url: address + PATH }, body);
}

/** Reads a passkey session of its own: express-session moves a session's end, which the gateway's answer would show. */
async function expressSession(bench: Bench, body: string): Promise<Side> {
  const session = { SESSION_SECRET: bench.secret, SESSION_COOKIE, SESSION_PREFIX };
  const env = { BODY: body, REDIS_URL: bench.stack.redisUrl, ...session };
  const { address, pid } = await bench.startBaseline({ program: EXPRESS_SESSION, env });
  const cookie = cookieHeader(await createPasskeySession(bench.origin));
  const side = { name: "Express + express-session + connect-redis", pid };
  return createPageSide(side, { url: address + PATH, headers: { cookie } }, body);
}

async function kratosWhoami({ kratos: { address, pid } }: Bench, cookie: string): Promise<Side> {
  const request = { url: `${address}/sessions/whoami`, headers: { cookie } };
  const body = await expectPage(request, (text) => JSON.parse(text).active);
  return createPageSide({ name: "Kratos whoami", pid }, request, body);
}

async function sessionCheck(bench: Bench, kind: SessionKind): Promise<Work> {
  const cookie = cookieHeader(await SESSIONS[kind](bench.origin));
  const request = { url: bench.gateway.address + PATH, headers: { cookie } };
  const body = await expectPage(request, (text) => JSON.parse(text).auth_method === kind);
  const other = kind === "passkey" ? expressSession(bench, body) : kratosWhoami(bench, cookie);
  return {
    name: `session check, ${kind} session`,
    gateway: createPageSide({ name: "gateway", pid: bench.gateway.pid }, request, body),
    baselines: [await bareExpress(bench, body), await other],
  };
}

/** GET /api/auth/session for either kind of session. */
export async function createSessionWorks(bench: Bench): Promise<Work[]> {
  return [await sessionCheck(bench, "passkey"), await sessionCheck(bench, "password")];
}
