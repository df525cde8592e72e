import { randomUUID } from "node:crypto";
import type { Knex } from "knex";
import pino from "pino";
import { createDatabase } from "../../src/database.ts";
import { createPostgresOutbox, type Outbox, type OutgoingMail } from "../../src/mail/outbox-store.ts";
import { createOutboxWorker, type OutboxWorker } from "../../src/mail/outbox-worker.ts";
import { createSmtpSender } from "../../src/mail/smtp-sender.ts";
import { readSmtpServer } from "../../src/mail/smtp-server.ts";
import type { AuditEvent } from "../../src/operations/audit-log.ts";
import { createTestDatabase } from "./start-gateway.ts";

export type OutboxWorld = {
  readonly database: Knex;
  readonly outbox: Outbox;
  readonly audited: AuditEvent[];
  /** What the clock is ahead of the time it was made at, in milliseconds. */
  ahead: number;
  /** A worker that hands in where the URL says; stopped with the world. */
  readonly worker: (smtpUrl: string, deadline?: number) => OutboxWorker;
  readonly rows: () => Promise<Record<string, unknown>[]>;
  readonly stop: () => Promise<void>;
};

export const someMail = (changes: Partial<OutgoingMail> = {}): OutgoingMail => ({
  identityId: randomUUID(),
  recipient: `${randomUUID()}@example.com`,
  kind: "passkey_added",
  subject: "A subject",
  text: "Some text",
  html: "<p>Some text</p>",
  ...changes,
});

/** An outbox in a database of its own, with a clock that the test moves. */
export async function createOutboxWorld(): Promise<OutboxWorld> {
  const database = createDatabase(await createTestDatabase());
  const start = Date.now();
  const clock = () => new Date(start + world.ahead);
  const workers: OutboxWorker[] = [];
  const audited: AuditEvent[] = [];
  const outbox = createPostgresOutbox(database, clock);
  const world: OutboxWorld = {
    database,
    outbox,
    audited,
    ahead: 0,
    worker: (smtpUrl, deadline) => {
      const from = { name: "Passbridge", address: "no-reply@example.com" };
      const server = readSmtpServer(new URL(smtpUrl));
      const send = createSmtpSender({ server, from, domain: "example.com", ...(deadline && { deadline }) });
      const log = pino({ level: "silent" });
      const audit = (event: AuditEvent) => void audited.push(event);
      const worker = createOutboxWorker({ outbox, send, clock, log, audit, pollInterval: 50 });
      workers.push(worker);
      return worker;
    },
    rows: () => database("mail_outbox").orderBy("created_at"),
    stop: async () => {
      await Promise.all(workers.map((worker) => worker.stop()));
      await database.destroy();
    },
  };
  return world;
}
