import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, inject, test } from "vitest";
import { findFreePort } from "../../scripts/free-port.ts";
import { planMail } from "../../scripts/parts/mail.ts";
import { createMailbox, type Mail } from "../../scripts/parts/mailbox.ts";
import { createPart } from "../../scripts/parts/part.ts";
import { signInAdministrator } from "./support/administrator.ts";
import {
  answerOf,
  createPasskeyWorld,
  type PasskeyWorld,
  personWithPasskey,
  problem,
  register,
} from "./support/passkey-world.ts";
import { startSmtpServer } from "./support/smtp-server.ts";

const worlds: PasskeyWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.stop();
});

async function startWorld(...options: Parameters<typeof createPasskeyWorld>): Promise<PasskeyWorld> {
  const world = await createPasskeyWorld(...options);
  worlds.push(world);
  return world;
}

const about = (words: string) => (mail: Mail) => mail.subject.includes(words);
const plain = (port: number) => ({ SMTP_URL: `smtp://127.0.0.1:${port}/?disable_starttls=true` });

test("a passkey added and removed: a mail each, as text and HTML, with the way back", async () => {
  const mailbox = createMailbox(inject("stack").mailUrl);
  const world = await startWorld();
  const { identity, cookie } = world.people.add();
  const browser = world.browser();
  browser.cookies.set("ory_kratos_session", cookie);
  const authenticator = world.authenticator();
  expect(await register(browser, authenticator, {}, { name: "Work <laptop>" })).toMatchObject({ status: 201 });

  const added = await mailbox.waitFor(identity.email, about("A passkey was added"));
  expect(added.text).toContain("“Work <laptop>” was added to your Passbridge account");
  expect(added.text).toContain("Where: IP address 127.0.0.1");
  expect(added.text).toContain(`${world.gateway.origin}/recover?reason=not_me`);
  expect(added.html).toContain("“Work &lt;laptop&gt;” was added");
  expect(added.html).toContain(`href="${world.gateway.origin}/recover?reason=not_me"`);

  const path = `/api/passkeys/${authenticator.credentialId}`;
  const elsewhere = world.browser(world.people.add());
  expect(await answerOf(elsewhere.fetch(path, { method: "DELETE" }))).toMatchObject(problem(404, "not_found"));
  const headers = { "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0" };
  expect((await browser.fetch(path, { method: "DELETE", headers })).status).toBe(204);
  const removed = await mailbox.waitFor(identity.email, about("A passkey was removed"));
  expect(removed.text).toContain("Where: Firefox on Linux, IP address 127.0.0.1");
  expect(await mailbox.list(identity.email)).toHaveLength(2);
});

test("recovery codes made and used: a mail each, with how many are left", async () => {
  const mailbox = createMailbox(inject("stack").mailUrl);
  const world = await startWorld();
  const person = world.people.add();
  const { email } = person.identity;
  const { body } = await answerOf(world.browser(person).post("/api/recovery-codes"));
  const codes = body.codes as string[];
  const made = await mailbox.waitFor(email, about("New recovery codes"));
  const used = await answerOf(world.browser().post("/api/auth/recovery-code", { email, code: codes[0] }));
  expect(used).toMatchObject({ status: 200 });
  const mail = await mailbox.waitFor(email, about("A recovery code was used"));
  expect(mail.text).toContain("9 codes are left");
  expect(mail.html).toContain("/recover?reason=not_me");
  for (const code of codes) expect(JSON.stringify([made, mail])).not.toContain(code);
});

test("passkeys reset by an administrator: the owner hears of it, and not from where", async () => {
  const world = await startWorld();
  const { person } = await personWithPasskey(world);
  const administrator = await signInAdministrator(world);
  const reset = await answerOf(administrator.browser.post(`/api/passkeys/reset/${person.identity.id}`));
  expect(reset).toMatchObject({ status: 200, body: { deleted: 1 } });
  const mail = await createMailbox(inject("stack").mailUrl).waitFor(person.identity.email, about("were removed"));
  expect(mail.text).toContain("An administrator removed the passkey of your Passbridge account");
  expect(mail.text).not.toContain("Where:");
});

test("the mail server is down: the passkey is added, and the mail comes once the server is up", async () => {
  const folder = await mkdtemp(join(tmpdir(), "passbridge-late-mail-"));
  const [smtpPort, uiPort] = [await findFreePort(), await findFreePort()];
  const mailServer = createPart(planMail({ smtpPort, uiPort }), join(folder, "mail.log"));
  let ahead = 0;
  const world = await startWorld({
    env: plain(smtpPort),
    overrides: { clock: () => new Date(Date.now() + ahead) },
  });
  try {
    const person = world.people.add();
    expect(await register(world.browser(person), world.authenticator())).toMatchObject({ status: 201 });
    const waiting = () => world.database("mail_outbox").first("attempts", "sent_at", "last_error");
    const refused = { attempts: 1, sent_at: null, last_error: expect.stringContaining("ECONNREFUSED") };
    await expect.poll(waiting, { timeout: 15_000 }).toMatchObject(refused);
    await mailServer.start();
    ahead = 60_000;
    const { html } = await createMailbox(`http://127.0.0.1:${uiPort}`).waitFor(person.identity.email);
    expect(html).toContain("A passkey was added");
  } finally {
    await mailServer.stop();
    await rm(folder, { recursive: true });
  }
});

test("the mail server says nothing: no request waits for it, and closing breaks it off", async () => {
  const silent = await startSmtpServer({ silent: true });
  const world = await startWorld({ env: plain(silent.port) });
  try {
    const browser = world.browser(world.people.add());
    const authenticator = world.authenticator();
    expect(await register(browser, authenticator)).toMatchObject({ status: 201 });
    await expect.poll(() => silent.open.size, { timeout: 15_000 }).toBe(1);
    const removed = await browser.fetch(`/api/passkeys/${authenticator.credentialId}`, { method: "DELETE" });
    expect(removed.status).toBe(204);
    // Both are answered while the server still holds the first mail back.
    expect(await world.database("mail_outbox").whereNull("sent_at").whereNull("last_error")).toHaveLength(2);
    await world.gateway.stop();
    await expect.poll(() => silent.open.size, { timeout: 15_000 }).toBe(0);
  } finally {
    await world.database.destroy();
    worlds.splice(0);
    await silent.close();
  }
});
