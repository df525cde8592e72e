import type { Adapters } from "../adapters.ts";
import { OutageError } from "../errors.ts";
import type { SendNotice } from "./notice.ts";
import { renderNotice } from "./notice-mail.ts";
import { createPostgresOutbox } from "./outbox-store.ts";
import { createOutboxWorker, type OutboxWorker } from "./outbox-worker.ts";
import { createSmtpSender } from "./smtp-sender.ts";
import { readSmtpServer } from "./smtp-server.ts";

export type Mail = Pick<OutboxWorker, "start" | "stop"> & {
  readonly notify: SendNotice;
  /** How many mails wait to be sent. Throws OutageError. */
  readonly waiting: () => Promise<number>;
};

/** Mails to people: written into the outbox while a request waits, sent by a worker of this process or of another replica. */
export function createMail(deps: Pick<Adapters, "config" | "clock" | "log" | "audit" | "database">): Mail {
  const { config, clock, log, audit, database } = deps;
  const { rpName } = config.passkeys;
  const outbox = createPostgresOutbox(database, clock);
  const send = createSmtpSender({
    server: readSmtpServer(config.mail.url),
    from: { name: rpName, address: config.mail.from },
    domain: config.publicUrl.hostname,
  });
  const worker = createOutboxWorker({ outbox, send, clock, log, audit });
  return {
    start: worker.start,
    stop: worker.stop,
    waiting: outbox.waiting,
    notify: async (notice) => {
      const { identity, event } = notice;
      try {
        const mail = renderNotice(notice, { rpName, publicUrl: config.publicUrl, now: clock() });
        await outbox.add({ ...mail, identityId: identity.id, recipient: identity.email, kind: event.kind });
        worker.wake();
      } catch (error) {
        // An outage is no fault of ours (docs/operations.md, Logs).
        const level = error instanceof OutageError ? "warn" : "error";
        log[level](
          { err: error, identity_id: identity.id, kind: event.kind },
          "a notice is lost: it could not be kept",
        );
      }
    },
  };
}
