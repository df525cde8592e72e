import knex from "knex";
import { createClient } from "redis";
import { expect } from "vitest";
import type { TestStack } from "../../../scripts/test-stack.ts";
import { waitUntil } from "../../../scripts/wait-until.ts";
import { SESSION_PREFIX } from "../../src/sessions/passkey-session.ts";
import { readSessionId } from "../../src/sessions/session-cookie.ts";
import { createBrowser, type TestBrowser } from "./browser.ts";
import { signInWithPasskey } from "./passkey-steps.ts";
import { type Person, signIn } from "./people.ts";
import type { SoftwareAuthenticator } from "./software-authenticator.ts";
import type { RunningGateway } from "./start-gateway.ts";

export const COOKIES = { passkey: "passbridge_session", password: "ory_kratos_session" } as const;
export type Kind = keyof typeof COOKIES;

/** What a cookie of either kind may be. All but the last are good for nothing. */
export const STATES = ["none", "garbled", "unsigned", "expired", "revoked", "session"] as const;
export type State = (typeof STATES)[number];

/** The value of a cookie in each state; none has none. */
export type CookieStates = Readonly<Record<Kind, Readonly<Partial<Record<State, string>>>>>;

type Parts = {
  readonly stack: TestStack;
  readonly gateway: RunningGateway;
  readonly person: Person;
  readonly authenticator: SoftwareAuthenticator;
};

export const cookieOf = (browser: TestBrowser, kind: Kind) => browser.cookies.get(COOKIES[kind]) ?? "";

/** Of the right form, and signed by nobody. */
const unsigned = (cookie: string) => cookie.slice(0, -6) + [...cookie.slice(-6)].toReversed().join("").toLowerCase();

/** Its time is over in the store, which forgets it. */
async function expirePasskeySession({ stack, gateway }: Parts, browser: TestBrowser): Promise<void> {
  const { cookieName, secrets } = gateway.config.session;
  const key = SESSION_PREFIX + readSessionId(`${cookieName}=${cookieOf(browser, "passkey")}`, cookieName, secrets);
  const redis = createClient({ url: stack.redisUrl });
  await redis.connect();
  await redis.pExpire(key, 1);
  const isGone = async () => expect(await redis.exists(key)).toBe(0);
  await waitUntil(isGone, { what: "the session to expire", timeout: 5_000 });
  await redis.close();
}

async function expireKratosSession({ stack }: Parts, browser: TestBrowser): Promise<void> {
  const body = (await (await browser.fetch("/api/auth/session")).json()) as { sessions: Record<Kind, { id: string }> };
  const url = new URL(stack.databaseUrl);
  url.pathname = "/kratos";
  const database = knex({ client: "pg", connection: url.href, pool: { min: 0, max: 1 } });
  const expires_at = database.raw("now() - interval '1 hour'");
  expect(await database("sessions").where({ id: body.sessions.password.id }).update({ expires_at })).toBe(1);
  await database.destroy();
}

async function makeCookiesOf(kind: Kind, parts: Parts): Promise<CookieStates[Kind]> {
  const signedIn = async () => {
    const browser = createBrowser(parts.gateway.origin);
    await (kind === "passkey" ? signInWithPasskey(browser, parts.authenticator) : signIn(browser, parts.person));
    return browser;
  };
  const [live, revoked, expired] = [await signedIn(), await signedIn(), await signedIn()];
  const cookies = {
    session: cookieOf(live, kind),
    revoked: cookieOf(revoked, kind),
    expired: cookieOf(expired, kind),
    garbled: "%E0%A4%A",
    unsigned: unsigned(cookieOf(live, kind)),
  };
  await revoked.post("/api/auth/logout");
  await (kind === "passkey" ? expirePasskeySession(parts, expired) : expireKratosSession(parts, expired));
  return cookies;
}

/** Cookies of one person, of both kinds and in every state. */
export async function makeCookies(parts: Parts): Promise<CookieStates> {
  return { passkey: await makeCookiesOf("passkey", parts), password: await makeCookiesOf("password", parts) };
}
