import { firstPolicy, type PasskeyPolicy } from "../../src/policy/passkey-policy.ts";
import { createPasskeyWorld, type PasskeyWorld } from "./passkey-world.ts";
import type { GatewayOptions } from "./start-gateway.ts";

/** A world whose policy a test changes at will. */
export type PolicyWorld = PasskeyWorld & {
  /** From now on the first policy with these changes is in force. */
  readonly ask: (changes: Partial<PasskeyPolicy>) => void;
};

export async function createPolicyWorld(options: GatewayOptions = {}): Promise<PolicyWorld> {
  let policy = firstPolicy(20);
  const overrides = { ...options.overrides, policy: async () => policy };
  const world = await createPasskeyWorld({ ...options, overrides });
  const ask = (changes: Partial<PasskeyPolicy>) => {
    policy = { ...firstPolicy(20), ...changes };
  };
  return { ...world, ask };
}
