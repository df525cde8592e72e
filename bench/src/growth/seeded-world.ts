import { createBrowser, type TestBrowser } from "../../../gateway/test/support/browser.ts";
import { createPasskeyFor, signInWithPasskey } from "../../../gateway/test/support/passkey-steps.ts";
import { createPerson, type Person, signUp } from "../../../gateway/test/support/people.ts";
import { cookieHeader } from "../people.ts";
import type { Bench } from "../processes.ts";
import { seedGateway, seedKratos } from "./seed-postgres.ts";
import { type RedisModel, seedRedis } from "./seed-redis.ts";
import { createSeededPeople, type SeededPerson } from "./seeded-people.ts";

/** What each seeded person takes in the stores, indexes included. */
export type BytesPerPerson = { readonly kratos: number; readonly gateway: number; readonly redis: number };

export type SeededWorld = {
  readonly bench: Bench;
  readonly people: readonly SeededPerson[];
  /** Every seeded person's. */
  readonly password: string;
  readonly bytes: BytesPerPerson;
};

export const kratosDatabaseOf = ({ stack }: Bench) =>
  Object.assign(new URL(stack.databaseUrl), { pathname: "/kratos" }).href;

function sessionIdIn(header: string): string {
  const id = /passbridge_session=s%3A([^.]+)\./.exec(header)?.[1];
  if (id === undefined) throw new Error("The model has no session cookie");
  return decodeURIComponent(id);
}

/** Of the usual length: it is kept with each session. */
const USER_AGENT =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36";

function createNamedBrowser(origin: string): TestBrowser {
  const browser = createBrowser(origin);
  const headers = { "user-agent": USER_AGENT };
  return { ...browser, post: (path, json = {}) => browser.fetch(path, { method: "POST", json, headers }) };
}

/** Somebody who signed up and in over HTTP, and whose rows and keys are what the others' are made of. */
async function createModel(origin: string): Promise<RedisModel & Pick<Person, "password">> {
  const { email, password } = createPerson("model");
  const first = createBrowser(origin);
  await signUp(first, { email, password });
  const authenticator = await createPasskeyFor(first);
  const browser = createNamedBrowser(origin);
  const answer = await signInWithPasskey(browser, authenticator);
  if (answer.status !== 200) throw new Error(`login/finish: ${answer.status} ${await answer.text()}`);
  const { identity } = (await answer.json()) as { identity: { id: string } };
  return { id: identity.id, email, password, sessionId: sessionIdIn(cookieHeader(browser)) };
}

/** Fills a world's stores with people who have a password, a passkey and a session each. */
export async function seedWorld(bench: Bench, count: number): Promise<SeededWorld> {
  const model = await createModel(bench.origin);
  const people = createSeededPeople(count);
  const [kratos, gateway, redis] = await Promise.all([
    seedKratos(kratosDatabaseOf(bench), model.id, people),
    seedGateway(bench.stack.databaseUrl, model.id, people),
    seedRedis(bench.stack.redisUrl, model, people),
  ]);
  return { bench, people, password: model.password, bytes: { kratos, gateway, redis } };
}
