import { z } from "zod";
import { waitUntil } from "../../../scripts/wait-until.ts";
import type { SoakDeps } from "./acts.ts";
import type { SoakPerson } from "./soak-person.ts";

const row = z.object({
  id: z.string(),
  recipient: z.string(),
  attempts: z.number(),
  next_attempt_at: z.date().nullable(),
  sent_at: z.date().nullable(),
});

/** Has all that waits sent now, as docs/operations.md says (Mails). */
async function sendWaiting({ world }: SoakDeps): Promise<void> {
  await world.database("mail_outbox").whereNotNull("next_attempt_at").update({ next_attempt_at: new Date() });
  await waitUntil(
    async () => {
      const waiting = await world.database("mail_outbox").whereNotNull("next_attempt_at");
      if (waiting.length > 0) throw new Error(`${waiting.length} mails wait`);
    },
    { what: "the outbox to be empty", timeout: 120_000 },
  );
}

/** Every notice was sent, once an attempt and under one Message-ID, and there are no more than were caused. */
export async function checkMails(deps: SoakDeps, people: readonly SoakPerson[]): Promise<void> {
  const { ledger, world } = deps;
  await sendWaiting(deps);
  const rows = z.array(row).parse(await world.database("mail_outbox"));
  const arrived = world.mails.messages.map((text) => /^Message-ID: <([^@]+)@/im.exec(text)?.[1]);
  for (const { id, attempts, sent_at } of rows) {
    const times = arrived.filter((other) => other === id).length;
    const fits = times <= attempts && (sent_at === null || times >= 1);
    ledger.check("mailOnce", fits, () => `mail ${id}: arrived ${times} times in ${attempts} attempts`);
  }
  const known = new Set(rows.map(({ id }) => id));
  for (const id of new Set(arrived)) ledger.check("mailOnce", known.has(id ?? ""), () => `mail ${id} is nobody's`);
  for (const { email, notices } of people) {
    const count = rows.filter(({ recipient }) => recipient === email).length;
    ledger.check("mailOnce", count <= notices, () => `${email}: ${count} notices of ${notices} changes`);
  }
}
