import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { hasCode, type Mailbox } from "../scripts/parts/mailbox.ts";
import { leaveAutofillAlone } from "./support/authenticator.ts";
import { look } from "./support/look.ts";
import { DEEP, expectEnds, IN, MORE_RULES, NEED, OFFER, OUT } from "./support/page-ends.ts";
import { type Person, providePeople } from "./support/people.ts";
import { makeAdministrator } from "./support/roles.ts";
import { type RulesFile, writeRules } from "./support/rules.ts";
import {
  acceptPasskey,
  button,
  confirmEmail,
  createAccount,
  declineCodes,
  declinePasskey,
  enterPassword,
  heading,
  join,
  newcomer,
  signInByButton,
  signOut,
} from "./support/steps.ts";
import { startWorld, type World } from "./support/world.ts";

let rules: RulesFile;
let world: World;
const people = providePeople(() => world.origin);

beforeAll(async () => {
  rules = writeRules(MORE_RULES);
  world = await startWorld({ name: "page-needs", built: inject("built"), settings: { ROUTES_FILE: rules.file } });
});
afterAll(async () => {
  await world.stop();
  rules.remove();
});

const mail = () => world.stack.mail;
const use = ({ page }: Person) => button(page, "Use your passkey").click();

/** Waits at the page of the sample application, at the very address that was asked for. */
async function atPage({ page }: Person, path: string, title = "Payments"): Promise<void> {
  await page.waitForURL(world.origin + path);
  await heading(page, title).waitFor();
  await page.getByText(path, { exact: true }).waitFor();
}

test("a password session opens a deep link, uses the passkey, and is there with its query", async () => {
  const ann = await newcomer(people, mail(), true);
  await enterPassword(ann);
  await heading(ann.page, "Who you are").waitFor();
  await ann.open(DEEP);
  await heading(ann.page, "This page needs your passkey").waitFor();
  await look(ann.page, "need-passkey");
  await use(ann);
  await atPage(ann, DEEP);
  await ann.page.getByText("X-Auth-Aal").waitFor();
  await look(ann.page, "payments");
});

test("nobody signs in by password, then by passkey, and is there with the query", async () => {
  const ann = await newcomer(people, mail(), true);
  await ann.open(DEEP);
  await enterPassword(ann);
  await use(ann);
  await atPage(ann, DEEP);
});

test("a sign-in that is too long ago leads to a fresh one, and back", async () => {
  const ann = await newcomer(people, mail(), true);
  await enterPassword(ann);
  await heading(ann.page, "Who you are").waitFor();
  const recent = "/payments/recent?x=%2F&y=a+b";
  const again = heading(ann.page, "Please sign in again");
  const opened = async () => {
    await ann.open(recent);
    await again.or(heading(ann.page, "Payments")).waitFor();
    return again.isVisible();
  };
  await expect.poll(opened, { timeout: 30_000 }).toBe(true);
  await look(ann.page, "sign-in-again");
  await ann.page.getByLabel("Password", { exact: true }).fill(ann.password);
  await button(ann.page, "Sign in with password").click();
  await atPage(ann, recent);
  await expect.poll(opened, { timeout: 30_000 }).toBe(true);
  await signInByButton(ann);
  await atPage(ann, recent);
});

test("who has no passkey makes one, uses it, and is there", async () => {
  const ann = await people.arrive();
  await leaveAutofillAlone(ann.page);
  await join(ann, mail(), false);
  await ann.open(DEEP);
  await ann.page.getByText("The page you want to open needs a passkey.").waitFor();
  await look(ann.page, "offer-needed");
  await acceptPasskey(ann);
  await declineCodes(ann);
  await use(ann);
  await atPage(ann, DEEP);
});

test("whose address is not confirmed confirms it, and is there", async () => {
  const ann = await people.arrive();
  await ann.open("/register");
  await createAccount(ann);
  await declinePasskey(ann);
  await button(ann.page, "Do this later").click();
  await heading(ann.page, "Who you are").waitFor();
  const page = "/payments/confirmed?x=%2F";
  await ann.open(page);
  await ann.page.getByText("The page you want to open needs a confirmed e-mail.").waitFor();
  await look(ann.page, "verify-needed");
  const { id } = await mail().waitFor(ann.email, hasCode);
  await button(ann.page, "Send the code").click();
  const isNew: Mailbox["waitFor"] = (to, fits = () => true) => mail().waitFor(to, (m) => m.id !== id && fits(m));
  await confirmEmail(ann, { ...mail(), waitFor: isNew });
  await atPage(ann, page);
});

test("who may not open a page is told so, and somebody else comes back to it", async () => {
  const boss = await newcomer(people, mail(), true);
  await makeAdministrator(world.stack.kratosAdminUrl, boss.email);
  const ann = await newcomer(people, mail(), true);
  await signInByButton(ann);
  await heading(ann.page, "Who you are").waitFor();
  const page = "/admin-area/people?x=%2F";
  await ann.open(page);
  await heading(ann.page, "This page is not open to you").waitFor();
  await look(ann.page, "forbidden");
  await ann.page.getByRole("link", { name: "Sign in as someone else" }).click();
  await ann.page.getByText(`You are signed in as ${ann.email}.`).waitFor();
  await look(ann.page, "other-account");
  await button(ann.page, "Sign out and go on").click();
  await enterPassword({ ...ann, email: boss.email, password: boss.password });
  // Their passkey is on their own device.
  await heading(ann.page, "This page needs your passkey").waitFor();
  await boss.open(page);
  await signInByButton(boss);
  await atPage(boss, page, "Administration");
  await look(boss.page, "admin-area");
});

describe("every rule ends on its page or on one that says what to do, and never goes in circles", () => {
  test("for nobody", async () => {
    const ann = await people.arrive();
    await leaveAutofillAlone(ann.page);
    const page = "Sign in";
    const other = { any: page, confirmed: page, aal2: page, passkey: page, fresh: page, role: page };
    await expectEnds(ann, { public: IN.public, ...other, closed: OUT.closed });
  });

  test("for a password alone, unconfirmed", async () => {
    const ann = await people.arrive();
    await ann.open("/register");
    await createAccount(ann);
    await expectEnds(ann, { ...IN, ...OUT, confirmed: "Confirm your e-mail", aal2: OFFER, passkey: OFFER });
  });

  test("for a password beside a passkey, and for the passkey", async () => {
    const ann = await newcomer(people, mail(), true);
    await enterPassword(ann);
    await heading(ann.page, "Who you are").waitFor();
    await expectEnds(ann, { ...IN, ...OUT, aal2: NEED, passkey: NEED });
    await ann.open("/");
    await signOut(ann);
    await signInByButton(ann);
    await heading(ann.page, "Who you are").waitFor();
    await expectEnds(ann, { ...IN, ...OUT, aal2: "Payments", passkey: "Payments" });
  });

  test("for a recovery code", async () => {
    const ann = await newcomer(people, mail(), true);
    await signInByButton(ann);
    await heading(ann.page, "Who you are").waitFor();
    const codes = await ann.page.evaluate(async () => {
      const headers = { "Content-Type": "application/json" };
      const answer = await fetch("/api/recovery-codes", { method: "POST", headers, body: "{}" });
      return ((await answer.json()) as { codes: string[] }).codes;
    });
    const without = await people.moveOn(ann);
    await without.open("/recover/recovery-code");
    await without.page.getByLabel("E-mail").fill(ann.email);
    await without.page.getByLabel("Recovery code").fill(codes[0] ?? "");
    await button(without.page, "Sign in").click();
    await heading(without.page, OFFER).waitFor();
    await expectEnds(without, { ...IN, ...OUT, aal2: NEED, passkey: NEED });
    // The device is lost: a new passkey, made and used, leads to the very page.
    await without.open(DEEP);
    await without.page.getByRole("link", { name: "Create a new passkey" }).first().click();
    await acceptPasskey(without);
    await use(without);
    await atPage(without, DEEP);
  });
});
