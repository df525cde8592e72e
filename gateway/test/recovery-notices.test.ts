import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createMailbox, type Mail } from "../../scripts/parts/mailbox.ts";
import { answerOf, createPasskeyWorld, type PasskeyWorld } from "./support/passkey-world.ts";

let world: PasskeyWorld;
beforeAll(async () => {
  world = await createPasskeyWorld();
});
afterAll(() => world.stop());

const about = (words: string) => (mail: Mail) => mail.subject.includes(words);

test("the owner hears of new codes, and of each that was used and how many are left", async () => {
  const mailbox = createMailbox(inject("stack").mailUrl);
  const { identity, cookie } = world.people.add();
  const browser = world.browser();
  browser.cookies.set("ory_kratos_session", cookie);
  const { body } = await answerOf(browser.post("/api/recovery-codes"));
  const codes = body.codes as string[];
  const made = await mailbox.waitFor(identity.email, about("New recovery codes"));
  for (const code of codes) expect(made.text + made.html).not.toContain(code);

  const firefox = { "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0" };
  const json = { email: identity.email, code: codes[0] };
  const used = await world.browser().fetch("/api/auth/recovery-code", { method: "POST", json, headers: firefox });
  expect(used.status).toBe(200);
  const told = await mailbox.waitFor(identity.email, about("A recovery code was used"));
  expect(told.text).toContain("9 codes are left");
  expect(told.text).toContain("Where: Firefox on Linux, IP address 127.0.0.1");
  expect(told.text).toContain(`${world.gateway.origin}/recover?reason=not_me`);

  const refused = await world.browser().post("/api/auth/recovery-code", json);
  expect(refused.status).toBe(401);
  expect(await mailbox.list(identity.email)).toHaveLength(2);
});
