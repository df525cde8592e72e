import type { Adapters } from "../adapters.ts";
import { askRedis } from "../redis-errors.ts";

/** Longer than any code lives: Kratos says what has run out. */
const LIFETIME_SECONDS = 24 * 3_600;

/** Which addresses a flow of Kratos may have mailed a code to. Throws OutageError. */
export type MailedCodeStore = {
  /** Never takes an address back: of two mails at once nobody knows which code holds. */
  readonly add: (flowId: string, email: string) => Promise<void>;
  readonly addressesOf: (flowId: string) => Promise<readonly string[]>;
};

/** A set in Redis for each flow. Kratos itself does not tell whose code a flow takes. */
export function createRedisMailedCodeStore(redis: Adapters["redis"]): MailedCodeStore {
  const keyOf = (flowId: string) => `passbridge:mailed-codes:${flowId}`;
  return {
    add: (flowId, email) =>
      askRedis(async () => {
        const key = keyOf(flowId);
        await redis.withKey(key, (server) =>
          server.multi().sAdd(key, email.toLowerCase()).expire(key, LIFETIME_SECONDS).exec(),
        );
      }),
    addressesOf: (flowId) => askRedis(() => redis.sMembers(keyOf(flowId))),
  };
}
