import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createMailbox, type Mailbox } from "../scripts/parts/mailbox.ts";
import { waitUntil } from "../scripts/wait-until.ts";
import { leaveAutofillAlone } from "./support/authenticator.ts";
import { look } from "./support/look.ts";
import { providePeople } from "./support/people.ts";
import { runSql } from "./support/sql.ts";
import { atDashboard, button, heading, join, signOut } from "./support/steps.ts";
import { startWorld, type World } from "./support/world.ts";

/** The policy of somebody who hands out keys of every sort. */
const ANY_KEY = `INSERT INTO passkey_policy VALUES
  (true, 'off', 'preferred', 'discouraged', 'any', 'none', false, '{}', '{}', true, 20)
  ON CONFLICT (only_row) DO UPDATE SET user_verification = 'preferred', resident_key = 'discouraged'`;

let world: World;
let mail: Mailbox;
const people = providePeople(() => world.origin);

async function verificationAskedFor(): Promise<string> {
  const answer = await fetch(`${world.origin}/api/passkeys/login/start`, { method: "POST" });
  return ((await answer.json()) as { options: { userVerification: string } }).options.userVerification;
}

/** Written past the gateways, it is read by each of them within seconds; they take turns. */
async function untilInForce(): Promise<void> {
  const asked = async () => [await verificationAskedFor(), await verificationAskedFor(), await verificationAskedFor()];
  await waitUntil(async () => expect(await asked()).toEqual(Array(3).fill("preferred")), {
    what: "the policy",
    timeout: 20_000,
  });
}

beforeAll(async () => {
  world = await startWorld({ name: "any-key", built: inject("built") });
  mail = createMailbox(world.stack.mailUrl);
  await runSql(world.stack.databaseUrl, ANY_KEY);
  await untilInForce();
});
afterAll(() => world.stop());

test.each([
  ["an old U2F key", "u2f_key"],
  ["a key that cannot tell who touches it", "key_without_verification"],
  ["a key that keeps nothing", "key_without_storage"],
] as const)("%s is added and signs in with the e-mail first, where the policy takes any key", async (_what, kind) => {
  const ann = await people.arrive();
  await join(ann, mail, false);
  await ann.device.exchange(kind);
  await leaveAutofillAlone(ann.page);
  await ann.open("/account");
  const dialog = ann.page.getByRole("dialog");
  await button(ann.page, "Use a phone or a security key instead").click();
  await dialog.getByRole("button", { name: "On a security key" }).click();
  await ann.page.getByRole("textbox", { name: "Name" }).fill("Key ring");
  await button(ann.page, "Save").click();
  await heading(ann.page, "Key ring").waitFor();
  await ann.page.getByText("This key only").waitFor();
  await look(ann.page, `account-any-${kind}`);
  await signOut(ann);
  await ann.page.getByLabel("E-mail").fill(ann.email);
  await button(ann.page, "Sign in with a passkey").click();
  await atDashboard(ann);
  await expect.poll(() => ann.page.getByText("a passkey", { exact: true }).count()).toBe(1);
});
