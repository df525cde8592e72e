import { createHmac, randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createClient } from "redis";
import { publicSessionId, SESSION_PREFIX } from "../../gateway/src/sessions/passkey-session.ts";
import { readSessionId } from "../../gateway/src/sessions/session-cookie.ts";
import type { CookieList } from "./load/wrk.ts";
import { CONNECTIONS } from "./load.ts";
import { cookieHeader, createPasskeySession } from "./people.ts";
import type { Bench } from "./processes.ts";
import type { Run } from "./rounds.ts";
import type { Scale } from "./scale.ts";

const BATCH = 5_000;

/** Sessions of which each is used once before any is used again. */
export type ColdSessions = {
  /** One of them, for a look at the answer. */
  readonly cookie: string;
  /** Runs a load over the next ones, and goes on behind those it used. */
  readonly use: (load: (cookies: CookieList) => Promise<Run>) => Promise<Run>;
};

/** Of a session, without the part that names it. */
type Record = { readonly before: string; readonly after: string; readonly expiresAt: number };

const connect = (url: string) => createClient({ url }).connect();

type Client = Awaited<ReturnType<typeof connect>>;

async function recordOf(client: Client, cookie: string, secret: string): Promise<Record> {
  const sessionId = readSessionId(cookie, "passbridge_session", [secret]) ?? "";
  const key = SESSION_PREFIX + sessionId;
  const [json, expiresAt] = await Promise.all([client.get(key), client.pExpireTime(key)]);
  if (json === null) throw new Error("The session that was signed in is not in Redis");
  const [before = "", after = ""] = json.split(publicSessionId(sessionId));
  return { before, after, expiresAt };
}

/** As express-session signs (cookie-signature): the value, a dot, and its HMAC without padding. */
function signedCookie(sessionId: string, secret: string): string {
  const signature = createHmac("sha256", secret).update(sessionId).digest("base64").replace(/=+$/, "");
  return `passbridge_session=${encodeURIComponent(`s:${sessionId}.${signature}`)}`;
}

/** Copies real sessions under ids of their own; the cookies that prove them. */
async function copySessions(client: Client, records: readonly Record[], count: number, secret: string) {
  const cookies: string[] = [];
  while (cookies.length < count) {
    const batch = client.multi();
    for (let left = Math.min(BATCH, count - cookies.length); left > 0; left -= 1) {
      const { before, after, expiresAt } = records[cookies.length % records.length] as Record;
      const sessionId = randomBytes(24).toString("base64url");
      const json = before + publicSessionId(sessionId) + after;
      batch.set(SESSION_PREFIX + sessionId, json, { expiration: { type: "PXAT", value: expiresAt } });
      cookies.push(signedCookie(sessionId, secret));
    }
    await batch.execAsPipeline();
  }
  return cookies;
}

/**
 * Puts sessions into Redis, as sign-ins leave them there. Their owners are few: what is known of people is warm, the
 * sessions alone are not.
 */
export async function seedColdSessions(bench: Bench, name: string, scale: Scale): Promise<ColdSessions> {
  const { coldSessions: count, owners } = scale;
  const client = await connect(bench.stack.redisUrl);
  try {
    const records: Record[] = [];
    while (records.length < owners) {
      records.push(await recordOf(client, cookieHeader(await createPasskeySession(bench.origin)), bench.secret));
    }
    const [cookie = "", ...cookies] = await copySessions(client, records, count + 1, bench.secret);
    const file = join(bench.folder, `${name}-cookies`);
    writeFileSync(file, `${cookies.join("\n")}\n`, { mode: 0o600 });
    let first = 0;
    const use: ColdSessions["use"] = async (load) => {
      const run = await load({ file, first });
      // Those that were sent and not answered any more are used as well.
      first = (first + run.done + CONNECTIONS) % count;
      return run;
    };
    return { cookie, use };
  } finally {
    client.destroy();
  }
}
