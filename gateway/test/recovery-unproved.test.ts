import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createMailbox, type Mailbox } from "../../scripts/parts/mailbox.ts";
import { signUpWithPasskey, verifyByLink } from "./support/address-owner.ts";
import { createBrowser } from "./support/browser.ts";
import { createPerson, recover } from "./support/people.ts";
import { codesLeft, createCodes, redeem } from "./support/recovery-steps.ts";
import { createTestDatabase, type RunningGateway, startGateway } from "./support/start-gateway.ts";

let gateway: RunningGateway;
let mailbox: Mailbox;
beforeAll(async () => {
  mailbox = createMailbox(inject("stack").mailUrl);
  gateway = await startGateway({
    env: { DATABASE_URL: await createTestDatabase(), KRATOS_SESSION_CACHE_TTL: "0", IDENTITY_CACHE_TTL: "0" },
  });
});
afterAll(() => gateway.stop());

const browser = () => createBrowser(gateway.origin);

/** Somebody signs up with another's address and makes codes. */
async function squat() {
  const { email } = createPerson("victim");
  const attacker = browser();
  await signUpWithPasskey(attacker, email);
  const codes = await createCodes(attacker);
  expect((await redeem(browser(), email, codes[0])).status).toBe(200);
  return { email, attacker, codes };
}

test("codes made before the owner proved the address by the mail's link are good for nothing", async () => {
  const { email, codes } = await squat();
  await verifyByLink(browser(), email, mailbox);
  expect((await redeem(browser(), email, codes[1])).status).toBe(401);
});

test("nor are they once the owner recovers the account, who makes codes of their own", async () => {
  const { email, codes } = await squat();
  const owner = browser();
  await recover(owner, email, mailbox);
  expect((await redeem(browser(), email, codes[1])).status).toBe(401);
  expect(await codesLeft(owner)).toEqual({ remaining: 0, created_at: null });
  const own = await createCodes(owner);
  expect((await redeem(browser(), email, own[0])).status).toBe(200);
});

test("who confirms where they are signed in keeps their codes", async () => {
  const { email, attacker: honest, codes } = await squat();
  await verifyByLink(honest, email, mailbox);
  expect((await redeem(browser(), email, codes[1])).status).toBe(200);
});
