import { z } from "zod";
import { type Clock, systemClock } from "../clock.ts";
import { askRedis } from "../redis-errors.ts";

/** What a registration is held against: the policy's part that was in force at its start. */
const registrationRules = z.object({
  attestation: z.enum(["none", "direct", "enterprise"]),
  requireCertified: z.boolean(),
  allowedAaguids: z.array(z.string()).readonly(),
  deniedAaguids: z.array(z.string()).readonly(),
  allowSynced: z.boolean(),
  maxPasskeysPerUser: z.number().int().positive(),
});

/** Who signs up: nobody yet, so that all there is of them is kept here until the finish. */
const newcomer = z.object({
  email: z.string().min(1),
  name: z.string().min(1).nullable(),
  /** 64 random bytes in base64url, the identity's user handle to be. */
  userHandle: z.string().length(86),
});

const challengeRecord = z.object({
  kind: z.enum(["registration", "authentication", "sign_up"]),
  /** base64url, as sent in the options. */
  challenge: z.string().min(1),
  /** SHA-256 of the browser's binding secret, base64url. */
  browserHash: z.string().min(1),
  /** The identity that started a registration or a step-up; null where anyone may finish. */
  identityId: z.string().min(1).nullable(),
  /** Ids of the sessions a registration was started with. */
  sessionIds: z.array(z.string().min(1)),
  userVerification: z.enum(["required", "preferred"]),
  /** False for a conditional create. */
  userPresence: z.boolean(),
  /** Whether a sign-in's options named its credentials; then an authenticator may leave the user handle out. */
  listed: z.boolean().optional(),
  /** Of a registration. */
  policy: registrationRules.optional(),
  /** Of a sign-up alone. */
  newcomer: newcomer.optional(),
});

/** As Redis keeps it. Milliseconds since the epoch; the last release wrote none. */
const keptRecord = challengeRecord.extend({ expiresAt: z.number().optional() });

/** What the gateway remembers between a ceremony's start and its finish. */
export type ChallengeRecord = Readonly<z.infer<typeof challengeRecord>>;

/** One record per ceremony: several may be open in one browser. */
export type ChallengeStore = {
  /** Keeps a record until it is taken or expires. Throws OutageError. */
  readonly put: (ceremonyId: string, record: ChallengeRecord) => Promise<void>;
  /** Hands out a record once; null when unknown, expired or taken. Throws OutageError. */
  readonly take: (ceremonyId: string) => Promise<ChallengeRecord | null>;
};

/** The two commands the store needs, as node-redis has them. */
export type ChallengeCommands = {
  readonly set: (
    key: string,
    value: string,
    options: { expiration: { type: "PX"; value: number } },
  ) => Promise<unknown>;
  readonly getDel: (key: string) => Promise<unknown>;
};

function parseRecord(text: string, now: number): ChallengeRecord | null {
  try {
    const { expiresAt = Number.POSITIVE_INFINITY, ...record } = keptRecord.parse(JSON.parse(text));
    return now < expiresAt ? record : null;
  } catch {
    // A record of another release's shape is as good as none: the client starts again by itself.
    return null;
  }
}

/**
 * Challenges in Redis, taken atomically by GETDEL. Redis drops those nobody takes; the time that counts is the clock's.
 * @param ttl milliseconds a challenge lives.
 */
export function createRedisChallengeStore(
  redis: ChallengeCommands,
  ttl: number,
  clock: Clock = systemClock,
): ChallengeStore {
  const keyOf = (ceremonyId: string) => `passbridge:challenge:${ceremonyId}`;
  return {
    put: async (ceremonyId, record) => {
      const expiration = { type: "PX", value: ttl } as const;
      const kept = JSON.stringify({ ...record, expiresAt: clock().getTime() + ttl });
      await askRedis(() => redis.set(keyOf(ceremonyId), kept, { expiration }));
    },
    take: async (ceremonyId) => {
      const text = await askRedis(() => redis.getDel(keyOf(ceremonyId)));
      return typeof text === "string" ? parseRecord(text, clock().getTime()) : null;
    },
  };
}
