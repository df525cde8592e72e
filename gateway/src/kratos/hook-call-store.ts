import type { Adapters } from "../adapters.ts";
import { askRedis } from "../redis-errors.ts";

/** Which calls of Kratos' web hooks were seen, so that each counts once. Every call throws OutageError. */
export type HookCallStore = {
  /** False when it was taken before. @param lifetime milliseconds it is remembered. */
  readonly take: (callId: string, lifetime: number) => Promise<boolean>;
  /** It came to nothing, and may come again. */
  readonly giveBack: (callId: string) => Promise<void>;
};

const keyOf = (callId: string) => `passbridge:kratos-hook:${callId}`;

export function createRedisHookCallStore(redis: Adapters["redis"]): HookCallStore {
  return {
    take: (callId, lifetime) =>
      askRedis(async () => {
        const expiration = { type: "PX", value: lifetime } as const;
        return (await redis.set(keyOf(callId), "", { condition: "NX", expiration })) !== null;
      }),
    giveBack: (callId) =>
      askRedis(async () => {
        await redis.del(keyOf(callId));
      }),
  };
}
