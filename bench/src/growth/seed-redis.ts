import { createClient } from "redis";
import { publicSessionId, SESSION_PREFIX } from "../../../gateway/src/sessions/passkey-session.ts";
import { portionsOf, type SeededPerson, seededSessionId } from "./seeded-people.ts";

const PORTION = 2_000;
const LIFETIME = 24 * 3_600_000;

/** Writes what a sign-in and its first use write: the session, its place in the index, and when it was used. */
const SCRIPT = `
local model, ends, from, now = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
for place = 5, #ARGV, 4 do
  local identity, email, session, public = ARGV[place], ARGV[place + 1], ARGV[place + 2], ARGV[place + 3]
  local json = model:gsub('MODEL%-ID', identity):gsub('MODEL%-EMAIL', email):gsub('MODEL%-SESSION', public)
  redis.call('SET', from .. session, json, 'PXAT', ends)
  redis.call('ZADD', 'passbridge:identity-sessions:' .. identity, ends, session)
  redis.call('PEXPIREAT', 'passbridge:identity-sessions:' .. identity, ends)
  redis.call('SET', 'passbridge:session-used:' .. public, now, 'PXAT', ends)
end`;

export type RedisModel = { readonly sessionId: string; readonly id: string; readonly email: string };

const clientOf = (url: string) => createClient({ url });
type Redis = ReturnType<typeof clientOf>;

async function withRedis<T>(url: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = clientOf(url);
  await redis.connect();
  try {
    return await work(redis);
  } finally {
    redis.destroy();
  }
}

const usedBy = async (redis: Redis) => Number(/^used_memory:(\d+)/m.exec(await redis.info("memory"))?.[1]);

/** Bytes that a Redis server uses. */
export const usedMemory = (url: string) => withRedis(url, usedBy);

function argumentsOf({ id, email }: SeededPerson): string[] {
  const sessionId = seededSessionId(id);
  return [id, email, sessionId, publicSessionId(sessionId)];
}

/**
 * Writes a passkey session for each of the people, as the model's is there.
 * @returns how many bytes Redis needs for each.
 */
export function seedRedis(url: string, model: RedisModel, people: readonly SeededPerson[]): Promise<number> {
  return withRedis(url, async (redis) => {
    const stored = await redis.get(SESSION_PREFIX + model.sessionId);
    if (stored === null) throw new Error("The model has no session");
    const json = stored
      .replaceAll(model.id, "MODEL-ID")
      .replaceAll(model.email, "MODEL-EMAIL")
      .replaceAll(publicSessionId(model.sessionId), "MODEL-SESSION");
    const now = Date.now();
    const shared = [json, String(now + LIFETIME), SESSION_PREFIX, String(now)];
    const before = await usedBy(redis);
    for (const portion of portionsOf(people, PORTION)) {
      await redis.eval(SCRIPT, { arguments: [...shared, ...portion.flatMap(argumentsOf)] });
    }
    const [first] = people;
    if (first && (await redis.exists(SESSION_PREFIX + seededSessionId(first.id))) !== 1) throw new Error("not there");
    return ((await usedBy(redis)) - before) / people.length;
  });
}
