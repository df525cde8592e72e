import type { Knex } from "knex";

/**
 * Mails on their way out. A mail waits while it has a next attempt; once it is sent or given up, its words are gone and
 * only that it was there stays for a while. The longest address is 254 characters (RFC 5321, 4.5.3.1.3).
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE mail_outbox (
      id uuid PRIMARY KEY,
      created_at timestamptz NOT NULL,
      identity_id uuid NOT NULL,
      recipient text NOT NULL CHECK (char_length(recipient) BETWEEN 3 AND 254 AND recipient !~ '[[:cntrl:][:space:]<>,]'),
      kind text NOT NULL CHECK (kind ~ '^[a-z_]{1,64}$'),
      subject text CHECK (char_length(subject) BETWEEN 1 AND 200 AND subject !~ '[[:cntrl:]]'),
      text_body text CHECK (char_length(text_body) BETWEEN 1 AND 65536),
      html_body text CHECK (char_length(html_body) BETWEEN 1 AND 65536),
      attempts integer NOT NULL CHECK (attempts >= 0),
      next_attempt_at timestamptz,
      sent_at timestamptz,
      failed_at timestamptz,
      last_error text CHECK (char_length(last_error) <= 500),
      CHECK (num_nonnulls(next_attempt_at, sent_at, failed_at) = 1),
      CHECK (num_nonnulls(subject, text_body, html_body) = CASE WHEN next_attempt_at IS NULL THEN 0 ELSE 3 END)
    )`);
  await knex.raw("CREATE INDEX mail_outbox_due ON mail_outbox (next_attempt_at) WHERE next_attempt_at IS NOT NULL");
  await knex.raw(
    "CREATE INDEX mail_outbox_ended ON mail_outbox ((coalesce(sent_at, failed_at))) WHERE next_attempt_at IS NULL",
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw("DROP TABLE mail_outbox");
}
