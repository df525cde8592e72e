import { ConfigError, loadConfig } from "./config.ts";
import { createDatabase } from "./database.ts";
import { describeOutage, OutageError } from "./errors.ts";
import { createIdentityTokenKeyStore, type IdentityTokenKeyStore } from "./upstream/identity-token-key-store.ts";
import { isPublished, type KeyTimes, pendingKey, signingKey } from "./upstream/key-times.ts";

const USAGE = "What is to be done with the keys?\n→ Use ./manage.sh keys list, keys rotate or keys rotate --now";

class Refusal extends Error {}

const atTime = ({ signsFrom }: KeyTimes) => signsFrom.toISOString().replace(/\.\d+Z$/, "Z");

function describe(key: KeyTimes, keys: readonly KeyTimes[], now: Date): string {
  const state = () => {
    if (key === signingKey(keys, now)) return "signs";
    if (key.signsFrom > now) return `published, signs from ${atTime(key)}`;
    return isPublished(key, keys, now) ? "published for tokens it signed" : "over";
  };
  return `${key.kid}  ${state()}`;
}

async function list(store: IdentityTokenKeyStore): Promise<string> {
  const keys = (await store.load()).toSorted((a, b) => b.signsFrom.getTime() - a.signsFrom.getTime());
  const now = new Date();
  return keys.map((key) => describe(key, keys, now)).join("\n");
}

async function rotate(store: IdentityTokenKeyStore): Promise<string> {
  const made = await store.rotate();
  if (made)
    return `${made.kid} is published now and signs from ${atTime(made)}.\nThe old key stays published for an hour after that.`;
  const pending = pendingKey(await store.load(), new Date());
  return `Nothing to do: ${pending?.kid} is published and signs ${pending ? `from ${atTime(pending)}` : "already"}.`;
}

async function replace(store: IdentityTokenKeyStore): Promise<string> {
  const { kid } = await store.replace();
  return `${kid} signs now, on every replica within 15 seconds. Every other key is gone.\nApplications that still hold the old list of keys refuse requests until they read it again.`;
}

function explain(error: unknown): string {
  if (error instanceof ConfigError || error instanceof Refusal) return error.message;
  if (error instanceof OutageError) return `${describeOutage(error)}\n→ Start it: ./manage.sh start`;
  return `The keys could not be changed: ${String(error)}`;
}

const COMMANDS: Readonly<Record<string, (store: IdentityTokenKeyStore) => Promise<string>>> = {
  list,
  rotate,
  "rotate --now": replace,
};

/** The keys of the identity token, for operators: `keys list`, `keys rotate`, `keys rotate --now`. */
async function main(words: readonly string[]): Promise<void> {
  const command = COMMANDS[words.join(" ")];
  if (!command) throw new Refusal(USAGE);
  const config = loadConfig();
  const db = createDatabase(config.databaseUrl);
  const log = { warn: (_: unknown, text?: string) => void process.stderr.write(`${text}\n`) };
  try {
    const store = createIdentityTokenKeyStore({ db, secrets: config.session.secrets, clock: () => new Date(), log });
    process.stdout.write(`${await command(store)}\n`);
  } finally {
    await db.destroy();
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
});
