import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/server";
import knex, { type Knex } from "knex";
import { expect, inject } from "vitest";
import { waitUntil } from "../../../scripts/wait-until.ts";
import { type CredentialStore, createPostgresCredentialStore } from "../../src/passkeys/credential-store.ts";
import { createBrowser, type TestBrowser } from "./browser.ts";
import { createKratosPeople, type KratosPeople, type KratosPerson } from "./kratos-people.ts";
import {
  type AuthenticatorSettings,
  createSoftwareAuthenticator,
  type SoftwareAuthenticator,
  type Tampering,
} from "./software-authenticator.ts";
import { createTestDatabase, type GatewayOptions, type RunningGateway, startGateway } from "./start-gateway.ts";

/** A whole gateway over real Postgres and Redis, with people whose Kratos accounts a test can change. */
export type PasskeyWorld = {
  readonly gateway: RunningGateway;
  readonly people: KratosPeople;
  readonly credentials: CredentialStore;
  readonly database: Knex;
  /** A browser, signed in by password when a person is given. */
  readonly browser: (person?: KratosPerson) => TestBrowser;
  readonly authenticator: (settings?: AuthenticatorSettings) => SoftwareAuthenticator;
  readonly stop: () => Promise<void>;
};

export async function createPasskeyWorld(options: GatewayOptions = {}): Promise<PasskeyWorld> {
  const stack = options.stack ?? inject("stack");
  const databaseUrl = await createTestDatabase(stack.databaseUrl);
  const people = createKratosPeople();
  const gateway = await startGateway({
    stack: { ...stack, databaseUrl },
    env: { KRATOS_SESSION_CACHE_TTL: "0", IDENTITY_CACHE_TTL: "0", ...options.env },
    overrides: { kratos: people.client, ...options.overrides },
  });
  // Redis connects while the gateway starts.
  const isReady = async () => expect((await fetch(`${gateway.origin}/health/ready`)).status).toBe(200);
  await waitUntil(isReady, { what: "a gateway that is ready", timeout: 20_000 });
  const database = knex({ client: "pg", connection: databaseUrl, pool: { min: 0, max: 2 } });
  return {
    gateway,
    people,
    database,
    credentials: createPostgresCredentialStore(database),
    browser: (person) => {
      const browser = createBrowser(gateway.origin);
      if (person) browser.cookies.set("ory_kratos_session", person.cookie);
      return browser;
    },
    authenticator: (settings) => createSoftwareAuthenticator({ origin: gateway.origin, ...settings }),
    stop: async () => {
      await gateway.stop();
      await database.destroy();
    },
  };
}

export type Answer = { readonly status: number; readonly body: Record<string, unknown>; readonly cookies: string[] };

/** An answer with its JSON body; {} when there is none. */
export async function answerOf(pending: Promise<Response>): Promise<Answer> {
  const response = await pending;
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : {}, cookies: response.headers.getSetCookie() };
}

type Started<T> = { readonly ceremony_id: string; readonly options: T };

async function started<T>(browser: TestBrowser, path: string, body: object): Promise<Started<T>> {
  const response = await browser.post(path, body);
  if (response.status !== 200) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Started<T>;
}

export const startRegistration = (browser: TestBrowser, body: object = {}) =>
  started<PublicKeyCredentialCreationOptionsJSON>(browser, "/api/passkeys/register/start", body);

export const startLogin = (browser: TestBrowser, body: object = {}) =>
  started<PublicKeyCredentialRequestOptionsJSON>(browser, "/api/passkeys/login/start", body);

/** Registers, genuinely or not; the finish's answer. */
export async function register(
  browser: TestBrowser,
  authenticator: SoftwareAuthenticator,
  tampering?: Tampering,
  more: object = {},
): Promise<Answer> {
  return finishRegistration(browser, authenticator, await startRegistration(browser), tampering, more);
}

/** Finishes a registration that was begun, genuinely or not. */
export function finishRegistration(
  browser: TestBrowser,
  authenticator: SoftwareAuthenticator,
  { ceremony_id, options }: Started<PublicKeyCredentialCreationOptionsJSON>,
  tampering?: Tampering,
  more: object = {},
): Promise<Answer> {
  const credential = authenticator.register(options, tampering);
  return answerOf(browser.post("/api/passkeys/register/finish", { ceremony_id, credential, ...more }));
}

/** Signs in, genuinely or not; the finish's answer. */
export async function login(
  browser: TestBrowser,
  authenticator: SoftwareAuthenticator,
  tampering?: Tampering,
): Promise<Answer> {
  const { ceremony_id, options } = await startLogin(browser);
  const credential = authenticator.authenticate(options, tampering);
  return answerOf(browser.post("/api/passkeys/login/finish", { ceremony_id, credential }));
}

/** The problem document an answer has to be. */
export const problem = (status: number, code: string) => ({
  status,
  body: { code, status, request_id: expect.any(String) },
});

/** Someone who has a passkey, and the browser they are signed in with by password. */
export async function personWithPasskey(world: PasskeyWorld, settings: AuthenticatorSettings = {}) {
  const person = world.people.add();
  const browser = world.browser(person);
  const authenticator = world.authenticator(settings);
  expect(await register(browser, authenticator)).toMatchObject({ status: 201 });
  return { person, browser, authenticator };
}
