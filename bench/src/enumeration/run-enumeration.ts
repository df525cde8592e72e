import { setTimeout as sleep } from "node:timers/promises";
import { createDatabase } from "../../../gateway/src/database.ts";
import { createOryKratosClient } from "../../../gateway/src/kratos/ory-kratos-client.ts";
import { createPostgresCredentialStore } from "../../../gateway/src/passkeys/credential-store.ts";
import { createIdentification } from "../../../gateway/src/passkeys/identification.ts";
import { createPostgresUserHandleStore } from "../../../gateway/src/passkeys/user-handle-store.ts";
import { type Bench, startBench } from "../processes.ts";
import { createAccounts, unknownEmails } from "./accounts.ts";
import { describeAnswers, describeTimes, type Pair } from "./enumeration-report.ts";
import { readStartAnswer, type StartAnswer } from "./start-answer.ts";

const EACH = 500;
const WARM_UP = 20;
/** Addresses of each kind that are asked once more. */
const AGAIN = 50;
/** Milliseconds a gateway may take to read the policy again. */
const POLICY_TIMEOUT = 15_000;
const POLL = 100;

/** Has the running gateway list an address' credentials, as an administrator's change of the policy does. */
async function listByEmail({ stack, gateway }: Bench): Promise<void> {
  const database = createDatabase(stack.databaseUrl);
  try {
    await database("passkey_policy").update({ resident_key: "preferred" });
  } finally {
    await database.destroy();
  }
  const until = performance.now() + POLICY_TIMEOUT;
  for (const email of unknownEmails(POLICY_TIMEOUT / POLL)) {
    if ((await askGateway(gateway.address, email)).count > 0) return;
    if (performance.now() > until) break;
    await sleep(POLL);
  }
  throw new Error("The gateway did not take the policy in");
}

function shuffle<T>(values: readonly T[]): T[] {
  const keyed = values.map((value) => ({ value, key: Math.random() }));
  return keyed.toSorted((one, other) => one.key - other.key).map(({ value }) => value);
}

/** Asks about each address, the two kinds in random order, one at a time. */
async function askAll<T>(emails: Pair<string>, ask: (email: string) => Promise<T>): Promise<Pair<T>> {
  const seen = { known: [] as T[], unknown: [] as T[] };
  const kinds = ["known", "unknown"] as const;
  const questions = kinds.flatMap((kind) => emails[kind].map((email) => ({ kind, email })));
  for (const { kind, email } of shuffle(questions)) seen[kind].push(await ask(email));
  return seen;
}

async function askGateway(address: string, username: string): Promise<StartAnswer & { username: string }> {
  const body = JSON.stringify({ username });
  const began = performance.now();
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${address}/api/passkeys/login/start`, { method: "POST", headers, body });
  const text = await response.text();
  return { username, ...readStartAnswer(response, text, performance.now() - began) };
}

/** The time of the look-up alone, without what hides it: the difference there would be to see. */
async function timeLookUps({ stack }: Bench, emails: Pair<string>): Promise<Pair<number>> {
  const database = createDatabase(stack.databaseUrl);
  const { identify } = createIdentification({
    kratos: createOryKratosClient({
      publicUrl: new URL(stack.kratosPublicUrl),
      adminUrl: new URL(stack.kratosAdminUrl),
      timeout: 5_000,
      sessionCacheTtl: 0,
      identityCacheTtl: 0,
    }),
    credentials: createPostgresCredentialStore(database),
    userHandles: createPostgresUserHandleStore(database, () => new Date()),
  });
  const timed = async (email: string) => {
    const began = performance.now();
    await identify(email);
    return performance.now() - began;
  };
  try {
    for (const email of unknownEmails(WARM_UP)) await timed(email);
    return await askAll(emails, timed);
  } finally {
    await database.destroy();
  }
}

/**
 * Asks for the sign-in options of 500 addresses with an account and 500 without, in random order, and says whether the
 * two can be told apart.
 * @returns what was seen, in lines for a terminal.
 * @throws Error when the answers differ in anything but random values.
 */
export async function runEnumeration(): Promise<string[]> {
  const bench = await startBench();
  try {
    const { address } = bench.gateway;
    await listByEmail(bench);
    const emails = { known: await createAccounts(bench.stack, EACH), unknown: unknownEmails(EACH) };
    for (const email of unknownEmails(WARM_UP)) await askGateway(address, email);
    const answers = await askAll(emails, (email) => askGateway(address, email));
    const some = { known: emails.known.slice(0, AGAIN), unknown: emails.unknown.slice(0, AGAIN) };
    const again = await askAll(some, (email) => askGateway(address, email));
    const times = {
      known: answers.known.map(({ milliseconds }) => milliseconds),
      unknown: answers.unknown.map(({ milliseconds }) => milliseconds),
    };
    return [
      ...describeAnswers(answers, again),
      ...describeTimes("login/start with a username", times),
      ...describeTimes("the look-up alone, unhidden", await timeLookUps(bench, emails)),
    ];
  } finally {
    await bench.stop();
  }
}
