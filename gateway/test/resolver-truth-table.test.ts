import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestStack, type TestStack } from "../../scripts/test-stack.ts";
import { waitUntil } from "../../scripts/wait-until.ts";
import { createBrowser, type TestBrowser } from "./support/browser.ts";
import {
  COOKIES,
  type CookieStates,
  cookieOf,
  type Kind,
  makeCookies,
  STATES,
  type State,
} from "./support/cookie-states.ts";
import { createPasskeyFor, signInWithPasskey } from "./support/passkey-steps.ts";
import { createPerson, type Person, signUp } from "./support/people.ts";
import type { SoftwareAuthenticator } from "./support/software-authenticator.ts";
import { createTestDatabase, type RunningGateway, startGateway } from "./support/start-gateway.ts";

let stack: TestStack;
let gateway: RunningGateway;
let person: Person;
let authenticator: SoftwareAuthenticator;
let cookies: CookieStates;
beforeAll(async () => {
  stack = await startTestStack();
  gateway = await startGateway({
    stack,
    env: {
      DATABASE_URL: await createTestDatabase(stack.databaseUrl),
      KRATOS_SESSION_CACHE_TTL: "0",
      IDENTITY_CACHE_TTL: "1h",
      KRATOS_TIMEOUT: "1s",
    },
  });
  person = createPerson();
  const owner = createBrowser(gateway.origin);
  await signUp(owner, person);
  authenticator = await createPasskeyFor(owner);
  cookies = await makeCookies({ stack, gateway, person, authenticator });
});
afterAll(async () => {
  await gateway.stop();
  await stack.stop();
});

/** Somebody who holds these cookies, asking who they are. */
async function ask(passkey: State, password: State) {
  const browser = createBrowser(gateway.origin);
  for (const [kind, state] of [
    ["passkey", passkey],
    ["password", password],
  ] as const) {
    const cookie = cookies[kind][state];
    if (cookie !== undefined) browser.cookies.set(COOKIES[kind], cookie);
  }
  const answer = await browser.fetch("/api/auth/session");
  const body = (await answer.json()) as { authenticated?: boolean; methods?: string[]; aal?: string; code?: string };
  const decision =
    answer.status === 503 ? body.code : body.authenticated ? `${body.methods?.toSorted()} ${body.aal}` : "anonymous";
  return { decision, cleared: answer.headers.getSetCookie() };
}

/** What a source says of a cookie: rows the cookie, columns whether its store is up. By hand, from what each can know. */
const SAYS: Record<Kind, Record<State, readonly [up: string, away: string]>> = {
  passkey: {
    none: ["none", "none"],
    // The signature is the gateway's own to check.
    garbled: ["none", "none"],
    unsigned: ["none", "none"],
    expired: ["none", "away"],
    revoked: ["none", "away"],
    session: ["session", "away"],
  },
  password: {
    none: ["none", "none"],
    garbled: ["none", "away"],
    unsigned: ["none", "away"],
    expired: ["none", "away"],
    revoked: ["none", "away"],
    session: ["session", "away"],
  },
};

const DECISIONS: Readonly<Record<string, string>> = {
  "none none": "anonymous",
  "none away": "dependency_unavailable",
  "away none": "dependency_unavailable",
  "away away": "dependency_unavailable",
  "none session": "password aal1",
  "away session": "password aal1",
  "session none": "passkey aal2",
  "session away": "passkey aal2",
  "session session": "passkey,password aal2",
};

/** Asks with every pair of cookies, all at once, and holds each answer against the table; no cookie is ever cleared. */
async function holdTable(redisIs: 0 | 1, kratosIs: 0 | 1): Promise<void> {
  const pairs = STATES.flatMap((passkey) => STATES.map((password) => [passkey, password] as const));
  const answers = await Promise.all(
    pairs.map(async ([passkey, password]) => ({ case: `${passkey} ${password}`, ...(await ask(passkey, password)) })),
  );
  const expected = pairs.map(([passkey, password]) => ({
    case: `${passkey} ${password}`,
    decision: DECISIONS[`${SAYS.passkey[passkey][redisIs]} ${SAYS.password[password][kratosIs]}`],
    cleared: [],
  }));
  expect(answers).toEqual(expected);
}

const becomes = (passkey: State, password: State, decision: string) =>
  waitUntil(async () => expect((await ask(passkey, password)).decision).toBe(decision), {
    what: `${passkey} and ${password}: ${decision}`,
    timeout: 30_000,
  });

describe("over HTTP, every pair of cookies", () => {
  it("both parts up", () => holdTable(0, 0));

  it("Kratos away", async () => {
    await stack.kratos.kill();
    try {
      await becomes("none", "session", "dependency_unavailable");
      await holdTable(0, 1);
    } finally {
      await stack.kratos.start();
    }
    await becomes("none", "session", "password aal1");
  });

  it("Redis away, and then both", async () => {
    await stack.redis.pause();
    try {
      await becomes("session", "none", "dependency_unavailable");
      await holdTable(1, 0);
      await stack.kratos.pause();
      await becomes("none", "session", "dependency_unavailable");
      await holdTable(1, 1);
    } finally {
      await stack.kratos.resume();
      await stack.redis.resume();
    }
    await becomes("session", "session", "passkey,password aal2");
    await holdTable(0, 0);
  });
});

describe("over HTTP, two identities in one browser", () => {
  it.each([
    ["passkey", "password"],
    ["password", "passkey"],
  ] as const)(
    "the newest, by %s, wins; the other's session is ended with its cookie, in the same response",
    async (newest, other) => {
      const stranger = createPerson("stranger");
      const at: Record<Kind, TestBrowser> = {
        passkey: createBrowser(gateway.origin),
        password: createBrowser(gateway.origin),
      };
      const signInAs = async (kind: Kind) => {
        if (kind === "password") return signUp(at.password, stranger);
        await signInWithPasskey(at.passkey, authenticator);
      };
      await signInAs(other);
      await signInAs(newest);
      const shared = createBrowser(gateway.origin);
      for (const kind of ["passkey", "password"] as const) shared.cookies.set(COOKIES[kind], cookieOf(at[kind], kind));
      const answer = await shared.fetch("/api/auth/session");
      expect(await answer.json()).toMatchObject({
        authenticated: true,
        methods: [newest],
        aal: newest === "passkey" ? "aal2" : "aal1",
        identity: { email: newest === "passkey" ? person.email : stranger.email },
      });
      expect(answer.headers.getSetCookie().map((cookie) => cookie.split("=", 1)[0])).toEqual([COOKIES[other]]);
      expect(shared.cookies.has(COOKIES[other])).toBe(false);
      const thief = createBrowser(gateway.origin);
      thief.cookies.set(COOKIES[other], cookieOf(at[other], other));
      expect(await (await thief.fetch("/api/auth/session")).json()).toEqual({ authenticated: false });
      expect(await (await at[newest].fetch("/api/auth/session")).json()).toMatchObject({ authenticated: true });
    },
  );
});
