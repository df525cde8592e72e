import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Adapters } from "../adapters.ts";
import { askRedis } from "../redis-errors.ts";

/** Longer than Kratos works on a submission, with every repetition of its web hook. */
const LIFETIME_SECONDS = 5 * 60;

const keptSessions = z.object({
  /** The id in its cookie. */
  passkeySessionId: z.string().nullable(),
  kratosSessionId: z.string().nullable(),
});

/** What a browser holds that submits a change to Kratos: this goes on when the change ends all other sessions. */
export type KeptSessions = Readonly<z.infer<typeof keptSessions>>;

/** Kept sessions by the submission they came with. Every call throws OutageError. */
export type KeptSessionStore = {
  /** The name of a new submission, which nobody can guess. */
  readonly add: (kept: KeptSessions) => Promise<string>;
  /** May be asked again. */
  readonly find: (submission: string) => Promise<KeptSessions | null>;
};

const keyOf = (submission: string) => `passbridge:kept-sessions:${submission}`;

export function createRedisKeptSessionStore(redis: Adapters["redis"]): KeptSessionStore {
  return {
    add: (kept) =>
      askRedis(async () => {
        const submission = randomUUID();
        await redis.set(keyOf(submission), JSON.stringify(kept), { EX: LIFETIME_SECONDS });
        return submission;
      }),
    find: (submission) =>
      askRedis(async () => {
        const json = await redis.get(keyOf(submission));
        return json === null ? null : keptSessions.parse(JSON.parse(json));
      }),
  };
}
