import { randomUUID } from "node:crypto";
import type { Knex } from "knex";
import { createClient } from "redis";
import { startTestStack, type TestStack } from "../../../scripts/test-stack.ts";
import { createDatabase, migrateLatest } from "../../src/database.ts";
import { randomToken } from "../../src/passkeys/ceremony.ts";
import type { Credential } from "../../src/passkeys/credential.ts";
import { createPostgresCredentialStore } from "../../src/passkeys/credential-store.ts";
import { createPostgresUserHandleStore } from "../../src/passkeys/user-handle-store.ts";

async function connectRedis(url: string) {
  const redis = createClient({ url, disableOfflineQueue: true, socket: { reconnectStrategy: 50 } });
  redis.on("error", () => undefined);
  await redis.connect();
  return redis;
}

export type PasskeyServers = {
  readonly stack: TestStack;
  readonly knex: Knex;
  readonly redis: Awaited<ReturnType<typeof connectRedis>>;
  readonly stop: () => Promise<void>;
};

/** PostgreSQL with the gateway's schema, and Redis. */
export async function startPasskeyServers(): Promise<PasskeyServers> {
  const stack = await startTestStack({ parts: ["postgres", "redis"] });
  const knex = createDatabase(stack.databaseUrl);
  await migrateLatest(knex);
  const redis = await connectRedis(stack.redisUrl);
  return {
    stack,
    knex,
    redis,
    stop: async () => {
      redis.destroy();
      await knex.destroy();
      await stack.stop();
    },
  };
}

/** A credential with plausible members. */
export function someCredential(changes: Partial<Credential> = {}): Credential {
  return {
    id: randomToken(),
    identityId: randomUUID(),
    publicKey: Buffer.from("a5010203", "hex"),
    algorithm: -7,
    counter: 0,
    aaguid: "00000000-0000-0000-0000-000000000000",
    deviceType: "multi_device",
    backedUp: true,
    transports: ["hybrid", "internal"],
    attestation: "none",
    name: "Passkey",
    addressProved: true,
    createdAt: new Date("2026-01-02T03:04:05.678Z"),
    lastUsedAt: null,
    lastUsedFrom: null,
    ...changes,
  };
}

/** Does something many times at once. */
export const times = <T>(count: number, make: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)));

/** An identity with so many credentials, oldest first. */
export async function identityWith({ knex }: PasskeyServers, count: number) {
  const identityId = randomUUID();
  await createPostgresUserHandleStore(knex, () => new Date()).handleOf(identityId);
  const owned = Array.from({ length: count }, (_, index) =>
    someCredential({ identityId, createdAt: new Date(1_700_000_000_000 + index) }),
  );
  for (const credential of owned) await createPostgresCredentialStore(knex).add(credential, 20);
  return { identityId, owned };
}
