import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { createMailbox } from "../../scripts/parts/mailbox.ts";
import { issueCertificate } from "../../scripts/tls/certificate.ts";
import { createOutboxWorld, type OutboxWorld, someMail } from "./support/outbox-world.ts";
import { type SmtpTestServer, startSmtpServer } from "./support/smtp-server.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;

let world: OutboxWorld;
let servers: SmtpTestServer[];
beforeEach(async () => {
  servers = [];
  world = await createOutboxWorld();
});
afterEach(async () => {
  await world.stop();
  await Promise.all(servers.map((server) => server.close()));
});

const plain = (port: number) => `smtp://127.0.0.1:${port}/?disable_starttls=true`;

async function serve(manners?: Parameters<typeof startSmtpServer>[0]) {
  const server = await startSmtpServer(manners);
  servers.push(server);
  return server;
}

const row = async () => (await world.rows())[0];
const becomes = (part: object) => expect.poll(row, { timeout: 15_000 }).toMatchObject(part);

test("two workers: fifty mails arrive, none twice", async () => {
  const { smtpUrl, mailUrl } = inject("stack");
  const { recipient } = someMail();
  const subjects = Array.from({ length: 50 }, (_, index) => `Number ${index}`);
  for (const subject of subjects) await world.outbox.add(someMail({ recipient, subject }));
  for (const worker of [world.worker(smtpUrl), world.worker(smtpUrl)]) worker.start();
  await expect.poll(world.outbox.waiting, { timeout: 30_000 }).toBe(0);
  const mails = await createMailbox(mailUrl).list(recipient);
  expect(mails.map(({ subject }) => subject).toSorted()).toEqual(subjects.toSorted());
  for (const sent of await world.rows()) expect(sent).toMatchObject({ attempts: 1, sent_at: expect.any(Date) });
});

test("a mail that is sent keeps no words, and goes after a week", async () => {
  const { port, messages } = await serve();
  await world.outbox.add(someMail());
  world.worker(plain(port)).start();
  await becomes({ sent_at: expect.any(Date), subject: null, text_body: null, html_body: null, next_attempt_at: null });
  expect(messages).toHaveLength(1);
  await world.outbox.purge(new Date(Date.now() - MINUTE));
  expect(await world.rows()).toHaveLength(1);
  world.ahead = 7 * DAY + MINUTE;
  await expect.poll(world.rows, { timeout: 15_000 }).toEqual([]);
});

test("over the wire: one recipient, the sender, the headers of an automatic mail, text and HTML", async () => {
  const { port, messages } = await serve();
  await world.outbox.add(someMail({ recipient: "ann@example.com", subject: "Grüße, “Ann”", text: "ä".repeat(200) }));
  const id = String((await row())?.id);
  world.worker(plain(port)).start();
  await expect.poll(() => messages, { timeout: 15_000 }).toHaveLength(1);
  const [headers = ""] = (messages[0] ?? "").split("\n\n", 1);
  expect(headers).toMatch(/^From: Passbridge <no-reply@example\.com>$/m);
  expect(headers).toMatch(/^To: ann@example\.com$/m);
  expect(headers).toMatch(/^Auto-Submitted: auto-generated$/m);
  expect(headers).toMatch(new RegExp(`^Message-ID: <${id}@example\\.com>$`, "m"));
  expect(headers).toMatch(/^Subject: =\?UTF-8\?/m);
  expect(headers).toMatch(/^Content-Type: multipart\/alternative;/m);
  expect(messages[0]).toMatch(/^Content-Type: text\/plain; charset=utf-8$/m);
  expect(messages[0]).toMatch(/^Content-Type: text\/html; charset=utf-8$/m);
});

test("a server that refuses is asked again after pauses that grow, and the mail is given up after three days", async () => {
  const { port } = await serve({ toRecipient: "550 no such mailbox" });
  await world.outbox.add(someMail());
  world.worker(plain(port)).start();
  await becomes({ attempts: 1, last_error: expect.stringContaining("550 no such mailbox"), subject: "A subject" });
  const pause = async () => Number((await row())?.next_attempt_at) - Number((await row())?.created_at) - world.ahead;
  expect(await pause()).toBe(10_000);
  world.ahead = MINUTE;
  await expect.poll(pause, { timeout: 15_000 }).toBe(20_000);
  world.ahead = 3 * DAY;
  await becomes({ attempts: 3, failed_at: expect.any(Date), subject: null, text_body: null, html_body: null });
  expect(world.audited).toEqual([
    {
      event: "mail.given_up",
      identityId: (await row())?.identity_id,
      detail: { mail_id: (await row())?.id, kind: "passkey_added", attempts: 3 },
    },
  ]);
});

test("a server that says nothing costs its deadline, and the mail is sent when another answers", async () => {
  const silent = await serve({ silent: true });
  await world.outbox.add(someMail());
  const waiting = world.worker(plain(silent.port), 200);
  waiting.start();
  await becomes({ attempts: 1, last_error: expect.stringContaining("timeout"), sent_at: null });
  await expect.poll(() => silent.open.size, { timeout: 15_000 }).toBe(0);
  await waiting.stop();
  const { port, messages } = await serve();
  world.ahead = MINUTE;
  world.worker(plain(port)).start();
  await becomes({ attempts: 2, sent_at: expect.any(Date) });
  expect(messages).toHaveLength(1);
});

test("a worker that dies keeps its mail from the others until the lease ends, and comes too late then", async () => {
  await world.outbox.add(someMail());
  const lease = new Date(Date.now() + 5 * MINUTE);
  const [lost] = await world.outbox.claim(5, lease);
  expect(await world.outbox.claim(5, lease)).toEqual([]);
  world.ahead = 6 * MINUTE;
  expect(await world.outbox.claim(5, new Date(Date.now() + 20 * MINUTE))).toMatchObject([
    { id: lost?.id, attempts: 2 },
  ]);
  if (lost) await world.outbox.sent(lost);
  expect(await row()).toMatchObject({ sent_at: null, subject: "A subject" });
});

test("stopping breaks off a mail that is under way, and it stays in the outbox", async () => {
  const silent = await serve({ silent: true });
  await world.outbox.add(someMail());
  const worker = world.worker(plain(silent.port));
  worker.start();
  await expect.poll(() => silent.open.size, { timeout: 15_000 }).toBe(1);
  await worker.stop();
  await expect.poll(() => silent.open.size, { timeout: 15_000 }).toBe(0);
  expect(await row()).toMatchObject({ attempts: 1, sent_at: null, last_error: "The gateway stops" });
  await world.outbox.add(someMail());
  expect(await world.outbox.waiting()).toBe(2);
});

test("without disable_starttls nothing is handed in unencrypted", async () => {
  const { port, messages } = await serve();
  await world.outbox.add(someMail());
  world.worker(`smtp://127.0.0.1:${port}/`).start();
  await becomes({ attempts: 1, last_error: expect.stringMatching(/STARTTLS|TLS/) });
  expect(messages).toEqual([]);
});

async function certificate() {
  const folder = await mkdtemp(join(tmpdir(), "passbridge-smtps-"));
  const { keyFile, certificateFile } = await issueCertificate(folder);
  const pair = { key: await readFile(keyFile, "utf8"), cert: await readFile(certificateFile, "utf8") };
  await rm(folder, { recursive: true });
  return pair;
}

test("smtps: the certificate has to be good, unless skip_ssl_verify says otherwise", async () => {
  const { port, messages } = await serve({ tls: await certificate() });
  await world.outbox.add(someMail());
  const strict = world.worker(`smtps://localhost:${port}/`);
  strict.start();
  await becomes({ attempts: 1, last_error: expect.stringMatching(/certificate/) });
  expect(messages).toEqual([]);
  await strict.stop();
  world.ahead = MINUTE;
  world.worker(`smtps://localhost:${port}/?skip_ssl_verify=true`).start();
  await becomes({ attempts: 2, sent_at: expect.any(Date) });
  expect(messages).toHaveLength(1);
});

test("smtp: STARTTLS with its certificate first, then the log-in of the address", async () => {
  const { port, messages } = await serve({
    starttls: await certificate(),
    login: { user: "ann@example.com", pass: "p/w" },
  });
  await world.outbox.add(someMail());
  const strict = world.worker(`smtp://ann%40example.com:p%2Fw@localhost:${port}/`);
  strict.start();
  await becomes({ attempts: 1, last_error: expect.stringMatching(/certificate/) });
  await strict.stop();
  const wrong = world.worker(`smtp://ann%40example.com:wrong@localhost:${port}/?skip_ssl_verify=true`);
  world.ahead = MINUTE;
  wrong.start();
  await becomes({ attempts: 2, last_error: expect.stringContaining("535") });
  await wrong.stop();
  expect(messages).toEqual([]);
  world.ahead = 10 * MINUTE;
  world.worker(`smtp://ann%40example.com:p%2Fw@localhost:${port}/?skip_ssl_verify=true`).start();
  await becomes({ attempts: 3, sent_at: expect.any(Date) });
  expect(messages).toHaveLength(1);
});

test.each([
  { recipient: "a@example.com\r\nBcc: b@example.com" },
  { recipient: "a@example.com, b@example.com" },
  { recipient: "" },
  { subject: "x\r\nBcc: b@example.com" },
  { kind: "Not a kind" },
])("the database itself refuses %j", async (changes) => {
  await expect(world.outbox.add(someMail(changes))).rejects.toThrow(/constraint/);
});
