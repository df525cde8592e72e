import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import type { Clock } from "../clock.ts";
import type { AuditLog } from "../operations/audit-log.ts";
import { createNap } from "./nap.ts";
import type { ClaimedMail, Outbox } from "./outbox-store.ts";
import { isTooOld, pauseAfter } from "./retry-pauses.ts";
import type { SendMail } from "./smtp-sender.ts";

const BATCH = 5;
const POLL_INTERVAL = 5_000;
/** Much longer than a sender may take, so that no mail is taken from a worker that is still at it. */
const LEASE = 5 * 60_000;
const KEPT_FOR = 7 * 86_400_000;
const PURGE_INTERVAL = 3_600_000;
const STOP_PATIENCE = 5_000;

export type OutboxWorkerDeps = {
  readonly outbox: Outbox;
  readonly send: SendMail;
  readonly clock: Clock;
  readonly log: Pick<Logger, "warn" | "info">;
  readonly audit: AuditLog;
  /** Milliseconds; how soon what another replica left or what is due again is seen. */
  readonly pollInterval?: number;
};

export type OutboxWorker = {
  readonly start: () => void;
  /** There is a new mail. */
  readonly wake: () => void;
  /** Takes no further mail, waits a moment for those under way, then breaks them off: they are sent later. */
  readonly stop: () => Promise<void>;
};

const inWords = (error: unknown) => (error instanceof Error ? error.message : String(error)).replace(/\p{Cc}+/gu, " ");

/** One attempt; what it came to is written down. Throws OutageError when it could not be. */
async function attempt(deps: OutboxWorkerDeps, mail: ClaimedMail, signal: AbortSignal): Promise<void> {
  const { outbox, clock, log, audit } = deps;
  const { id, kind, attempts, identityId } = mail;
  try {
    await deps.send(mail, signal);
  } catch (error) {
    const now = clock();
    log.warn({ dependency: "smtp", mail_id: id, kind, attempts, err: error }, "the mail server did not take a mail");
    if (!isTooOld(mail.createdAt, now)) {
      return outbox.postpone(mail, new Date(now.getTime() + pauseAfter(attempts)), inWords(error));
    }
    await outbox.giveUp(mail, inWords(error));
    return audit({ event: "mail.given_up", identityId, detail: { mail_id: id, kind, attempts } });
  }
  await outbox.sent(mail);
  log.info({ mail_id: id, kind, attempts }, "mail sent");
}

/** Sends what is due; how many mails that were. */
async function sendDue(deps: OutboxWorkerDeps, signal: AbortSignal): Promise<number> {
  const mails = await deps.outbox.claim(BATCH, new Date(deps.clock().getTime() + LEASE));
  const results = await Promise.allSettled(mails.map((mail) => attempt(deps, mail, signal)));
  const failed = results.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
  return mails.length;
}

function createPurge({ outbox, clock }: OutboxWorkerDeps): () => Promise<void> {
  let next = 0;
  return async () => {
    const now = clock().getTime();
    if (now < next) return;
    await outbox.purge(new Date(now - KEPT_FOR));
    next = now + PURGE_INTERVAL;
  };
}

/** Sends the outbox's mails, a few at a time, until it is stopped; several of them share one outbox. */
export function createOutboxWorker(deps: OutboxWorkerDeps): OutboxWorker {
  const nap = createNap(deps.pollInterval ?? POLL_INTERVAL);
  const sending = new AbortController();
  const purge = createPurge(deps);
  let stopped = false;
  let away = false;

  const round = async (): Promise<number> => {
    try {
      const count = await sendDue(deps, sending.signal);
      await purge();
      away = false;
      return count;
    } catch (error) {
      if (!away) deps.log.warn({ err: error }, "the outbox cannot be asked; mails wait");
      away = true;
      return 0;
    }
  };
  const run = async () => {
    while (!stopped) {
      if ((await round()) < BATCH && !stopped) await nap.sleep();
    }
  };
  let running = Promise.resolve();

  return {
    start: () => {
      running = run();
    },
    wake: nap.wake,
    stop: async () => {
      stopped = true;
      nap.wake();
      const patience = new AbortController();
      await Promise.race([running, delay(STOP_PATIENCE, null, { signal: patience.signal }).catch(() => null)]);
      patience.abort();
      sending.abort(new Error("The gateway stops"));
      await running;
    },
  };
}
