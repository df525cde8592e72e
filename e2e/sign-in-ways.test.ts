import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { codeIn } from "../scripts/parts/mailbox.ts";
import { waitUntil } from "../scripts/wait-until.ts";
import { leaveAutofillAlone } from "./support/authenticator.ts";
import { look } from "./support/look.ts";
import { type Person, providePeople } from "./support/people.ts";
import {
  acceptPasskey,
  atDashboard,
  button,
  createAccount,
  declineCodes,
  declinePasskey,
  enterPassword,
  heading,
  join,
  signInByButton,
  signOut,
} from "./support/steps.ts";
import { startWorld, type World } from "./support/world.ts";

let world: World;
let administrator: string;
const people = providePeople(() => world.origin);
beforeAll(async () => {
  const settings = { IDENTITY_CACHE_TTL: "1s", KRATOS_SESSION_CACHE_TTL: "0" };
  world = await startWorld({ name: "sign-in-ways", built: inject("built"), codeSignIn: true, settings });
  administrator = await signInAdministrator();
});
afterAll(() => world.stop());

/** Somebody with an account who has not answered the offer of a passkey, signed out. */
async function known(): Promise<Person> {
  const ann = await people.arrive();
  await leaveAutofillAlone(ann.page);
  await ann.open("/register");
  await createAccount(ann);
  await ann.open("/");
  await atDashboard(ann);
  await signOut(ann);
  return ann;
}

/** Makes the person an administrator, as an operator does. */
async function grantAdmin(email: string): Promise<void> {
  const identities = `${world.stack.kratosAdminUrl}/admin/identities`;
  const found = await fetch(`${identities}?credentials_identifier=${encodeURIComponent(email)}`);
  const [person] = (await found.json()) as { id: string }[];
  const patch = [{ op: "add", path: "/metadata_public", value: { roles: ["admin"] } }];
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(`${identities}/${person?.id}`, { method: "PATCH", headers, body: JSON.stringify(patch) });
  expect(answer.status).toBe(200);
}

/** The cookies of an administrator who signed in with a passkey. */
async function signInAdministrator(): Promise<string> {
  const admin = await people.arrive();
  await leaveAutofillAlone(admin.page);
  await join(admin, world.stack.mail, true);
  await grantAdmin(admin.email);
  await signOut(admin);
  await signInByButton(admin);
  await atDashboard(admin);
  const cookies = await admin.context.cookies();
  await admin.context.close();
  return cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
}

/** Changes the policy as that administrator; the role is known within a moment of being granted. */
async function setPolicy(changes: object): Promise<void> {
  const headers = { "Content-Type": "application/json", Origin: world.origin, Cookie: administrator };
  const put = () =>
    fetch(`${world.origin}/api/admin/policy`, { method: "PUT", headers, body: JSON.stringify(changes) });
  await waitUntil(async () => expect((await put()).status).toBe(200), { what: "a new policy", timeout: 15_000 });
}

const methodOf = ({ page }: Person) =>
  page.evaluate(async () => ((await (await fetch("/api/auth/session")).json()) as { auth_method: string }).auth_method);

test("signs in with a code by e-mail, and is offered that first the next time", async () => {
  const ann = await known();
  const { page } = ann;
  await look(page, "login-three-ways");
  await page.getByLabel("E-mail").fill(ann.email);
  await button(page, "E-mail me a code").click();
  await heading(page, "Check your e-mail").waitFor();
  await look(page, "login-code");
  const mail = await world.stack.mail.waitFor(ann.email, ({ subject }) => subject.startsWith("Your sign-in code"));
  const code = codeIn(mail);
  await page.getByLabel("Six-digit code").fill(code === "000000" ? "000001" : "000000");
  await page.getByText("The code is not right, or it was used before.").waitFor();
  await page.getByLabel("Six-digit code").fill(code);
  await atDashboard(ann);
  expect(await methodOf(ann)).toBe("code");
  await signOut(ann);
  await page.getByText("You used a code by e-mail last time.").waitFor();
  await look(page, "login-code-last");
});

test("an address without an account looks the same", async () => {
  const { page, open, email } = await people.arrive();
  await open("/login");
  await page.getByLabel("E-mail").fill(email);
  await button(page, "E-mail me a code").click();
  await page.getByText(`If ${email} has an account, a six-digit code is on its way.`).waitFor();
  await page.getByLabel("Six-digit code").fill("123456");
  await page.getByText("The code is not right, or it was used before.").waitFor();
  expect(await world.stack.mail.list(email)).toEqual([]);
});

describe("the offer after a sign-in by password", () => {
  test('comes where the policy says so, and not again after "Not now"', async () => {
    await setPolicy({ enforcement: "prompt" });
    const ann = await known();
    await enterPassword(ann);
    await heading(ann.page, "Sign in faster next time").waitFor();
    await declinePasskey(ann);
    await atDashboard(ann);
    await signOut(ann);
    await enterPassword(ann);
    await atDashboard(ann);
  });

  test("is no offer where everyone must have a passkey", async () => {
    await setPolicy({ enforcement: "off" });
    const ann = await known();
    await setPolicy({ enforcement: "required" });
    await enterPassword(ann);
    await ann.page.getByText("This application asks everyone to sign in with a passkey.").waitFor();
    expect(await button(ann.page, "Not now").count()).toBe(0);
    await look(ann.page, "passkey-offer-required");
    await acceptPasskey(ann);
    await declineCodes(ann);
    await heading(ann.page, "This page needs your passkey").waitFor();
    await button(ann.page, "Use your passkey").click();
    await atDashboard(ann);
    await setPolicy({ enforcement: "off" });
  });
});

describe("e-mail first, with keys that keep nothing", () => {
  beforeAll(() => setPolicy({ enforcement: "off", resident_key: "discouraged", user_verification: "preferred" }));

  test.each(["key_without_storage", "u2f_key"] as const)("%s: signs in by the typed e-mail and Enter", async (kind) => {
    const ann = await people.arrive();
    await leaveAutofillAlone(ann.page);
    await join(ann, world.stack.mail, false);
    await ann.device.exchange(kind);
    await ann.open("/register/passkey-offer");
    await acceptPasskey(ann);
    await declineCodes(ann);
    await atDashboard(ann);
    await signOut(ann);
    await ann.page.getByLabel("E-mail").fill(ann.email);
    await ann.page.keyboard.press("Enter");
    await atDashboard(ann);
    expect(await methodOf(ann)).toBe("passkey");
  });

  test("an e-mail nobody has opens the same prompt, which no key answers", async () => {
    const ann = await people.arrive();
    // The list of credentials may name keys alone; without one at hand a browser asks for one until the time is over.
    await ann.device.accompany("key");
    await leaveAutofillAlone(ann.page);
    await ann.open("/login");
    await ann.page.getByLabel("E-mail").fill(ann.email);
    await ann.page.keyboard.press("Enter");
    await ann.page.getByText("The passkey prompt was closed or timed out. Try again, or use your password.").waitFor();
  });
});
