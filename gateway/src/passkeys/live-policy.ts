import type { Logger } from "pino";
import { z } from "zod";
import type { CurrentPolicy, PasskeyPolicy } from "../policy/passkey-policy.ts";
import type { Topic } from "../redis-messages.ts";
import type { PolicyStore } from "./policy-store.ts";

/** How old the policy may be on a replica that no message reached. */
const READ_AGAIN = 3_000;

/** The word by which replicas tell each other that it changed. */
export const policyChanged = z.literal("changed");

type PolicyChanged = z.infer<typeof policyChanged>;

/** The policy in force on this replica. */
export type LivePolicy = {
  /** Answers what is known without asking; in an outage what was last known. */
  readonly current: CurrentPolicy;
  /** Changes it here at once and on the other replicas within seconds. Throws OutageError and what `make` throws. */
  readonly change: PolicyStore["change"];
  readonly close: () => void;
};

export type LivePolicyDeps = {
  readonly store: PolicyStore;
  readonly topic: Topic<PolicyChanged>;
  readonly log: Pick<Logger, "warn" | "info">;
  /** Milliseconds. */
  readonly readAgain?: number;
};

/** Reads one at a time; asked for during a read, it reads once more, so that nobody gets what was read before they asked. */
function createReader(read: () => Promise<PasskeyPolicy>) {
  let known: PasskeyPolicy | null = null;
  let running: Promise<PasskeyPolicy> | null = null;
  let again = false;
  const readUntilFresh = async (): Promise<PasskeyPolicy> => {
    try {
      do {
        again = false;
        known = await read();
      } while (again);
      return known;
    } finally {
      running = null;
    }
  };
  return {
    known: () => known,
    refresh: (): Promise<PasskeyPolicy> => {
      again = running !== null;
      running ??= readUntilFresh();
      return running;
    },
  };
}

/**
 * Keeps the policy close: read at once, after a word from any replica, and every few seconds in case that got lost.
 * An outage leaves the last known one in force.
 */
export function createLivePolicy({ store, topic, log, readAgain = READ_AGAIN }: LivePolicyDeps): LivePolicy {
  const reader = createReader(store.read);
  let failing = false;
  const refresh = () =>
    reader.refresh().then(
      () => {
        if (failing) log.info("the policy can be read again");
        failing = false;
      },
      (error: unknown) => {
        if (!failing) log.warn({ err: error }, "the policy could not be read; the last known one stays in force");
        failing = true;
      },
    );
  const timer = setInterval(refresh, readAgain).unref();
  topic.listen(() => void refresh());

  return {
    current: () => reader.known() ?? reader.refresh(),
    change: async (make) => {
      const change = await store.change(make);
      await refresh();
      await topic.announce("changed").catch((error: unknown) => {
        log.warn({ err: error }, "the other replicas learn of the new policy only when they read it again");
      });
      return change;
    },
    close: () => {
      clearInterval(timer);
    },
  };
}
