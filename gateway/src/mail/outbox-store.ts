import { randomUUID } from "node:crypto";
import type { Knex } from "knex";
import { z } from "zod";
import type { Clock } from "../clock.ts";
import { askPostgres } from "../postgres-errors.ts";

const TABLE = "mail_outbox";
const MAX_ERROR = 500;

/** A mail as it goes out. */
export type OutgoingMail = {
  readonly identityId: string;
  readonly recipient: string;
  /** Which notice it is, for the log and for operators. */
  readonly kind: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
};

/** A mail that is a worker's to send until its lease ends. */
export type ClaimedMail = OutgoingMail & {
  readonly id: string;
  readonly createdAt: Date;
  /** This attempt included. */
  readonly attempts: number;
};

/** What a mail's attempt came to; the worker whose lease ran out changes nothing. */
export type Outbox = {
  readonly add: (mail: OutgoingMail) => Promise<void>;
  /** Takes up to `limit` mails that are due; until the lease ends no other worker gets them. */
  readonly claim: (limit: number, leaseEnd: Date) => Promise<ClaimedMail[]>;
  readonly sent: (mail: ClaimedMail) => Promise<void>;
  readonly postpone: (mail: ClaimedMail, until: Date, reason: string) => Promise<void>;
  readonly giveUp: (mail: ClaimedMail, reason: string) => Promise<void>;
  /** Deletes what is left of mails that were sent or given up before then. */
  readonly purge: (before: Date) => Promise<void>;
  /** How many mails wait to be sent. */
  readonly waiting: () => Promise<number>;
};

const row = z.object({
  id: z.uuid(),
  created_at: z.date(),
  identity_id: z.uuid(),
  recipient: z.string(),
  kind: z.string(),
  subject: z.string(),
  text_body: z.string(),
  html_body: z.string(),
  attempts: z.number(),
});

function toClaimed(columns: unknown): ClaimedMail {
  const { identity_id, created_at, text_body, html_body, ...same } = row.parse(columns);
  return { ...same, identityId: identity_id, createdAt: created_at, text: text_body, html: html_body };
}

/** Of workers that ask at once each gets mails of its own; materialized, so that the limit is taken once. */
const CLAIM = `
  WITH due AS MATERIALIZED (
    SELECT id FROM ${TABLE} WHERE next_attempt_at <= :now
    ORDER BY next_attempt_at LIMIT :limit FOR UPDATE SKIP LOCKED
  )
  UPDATE ${TABLE} SET attempts = attempts + 1, next_attempt_at = :leaseEnd
  WHERE id IN (SELECT id FROM due) RETURNING *`;

const NO_WORDS = { next_attempt_at: null, subject: null, text_body: null, html_body: null };

/** Mails on their way out, in PostgreSQL. Every call throws OutageError when it cannot be asked. */
export function createPostgresOutbox(knex: Knex, clock: Clock): Outbox {
  const change = async ({ id, attempts }: ClaimedMail, columns: object) => {
    await askPostgres(() => knex(TABLE).where({ id, attempts }).whereNotNull("next_attempt_at").update(columns));
  };
  return {
    add: async ({ identityId, recipient, kind, subject, text, html }) => {
      const now = clock();
      const words = { subject, text_body: text, html_body: html };
      const mail = { id: randomUUID(), created_at: now, identity_id: identityId, recipient, kind, ...words };
      await askPostgres(() => knex(TABLE).insert({ ...mail, attempts: 0, next_attempt_at: now }));
    },
    claim: (limit, leaseEnd) =>
      askPostgres(async () => {
        const { rows } = await knex.raw(CLAIM, { now: clock(), limit, leaseEnd });
        return z.array(z.unknown()).parse(rows).map(toClaimed);
      }),
    sent: (mail) => change(mail, { ...NO_WORDS, sent_at: clock(), last_error: null }),
    postpone: (mail, until, reason) => change(mail, { next_attempt_at: until, last_error: reason.slice(0, MAX_ERROR) }),
    giveUp: (mail, reason) => change(mail, { ...NO_WORDS, failed_at: clock(), last_error: reason.slice(0, MAX_ERROR) }),
    purge: async (before) => {
      const ended = knex.raw("coalesce(sent_at, failed_at)");
      await askPostgres(() => knex(TABLE).whereNull("next_attempt_at").where(ended, "<", before).delete());
    },
    waiting: () =>
      askPostgres(async () => {
        const rows = await knex(TABLE).whereNotNull("next_attempt_at").count({ count: "*" });
        return z.tuple([z.object({ count: z.coerce.number() })]).parse(rows)[0].count;
      }),
  };
}
