import { describe, expect, test } from "vitest";
import { leaveAutofillAlone } from "./support/authenticator.ts";
import { look } from "./support/look.ts";
import type { Person } from "./support/people.ts";
import { provideShared } from "./support/shared.ts";
import {
  atDashboard,
  button,
  confirmEmail,
  enterPassword,
  heading,
  join,
  signInByButton,
  signInByOtherDevice,
  signOut,
} from "./support/steps.ts";

const { mail, people } = provideShared();

const passkeys = ({ page }: Person) => page.getByRole("list", { name: "Your passkeys" }).getByRole("listitem");

async function addOn({ page }: Person, place: string): Promise<void> {
  await button(page, "Add a passkey").click();
  await look(page, "account-adding");
  await page.getByRole("dialog").getByRole("button", { name: place }).click();
}

async function changePassword(ann: Person): Promise<void> {
  ann.password = `${ann.password} anew`;
  await button(ann.page, "Change password").click();
  await ann.page.getByLabel("New password", { exact: true }).fill(ann.password);
  await button(ann.page, "Save the new password").click();
  await ann.page.getByRole("main").getByText("Your new password is saved.").waitFor();
}

test("somebody who signed in with a passkey alone sets a new password", async () => {
  const ann = await people.arrive();
  await join(ann, mail, true);
  await leaveAutofillAlone(ann.page);
  await signOut(ann);
  await signInByButton(ann);
  await atDashboard(ann);
  await ann.open("/account");
  await ann.page.getByText("You signed in with a passkey, so we don't ask for your old password.").waitFor();
  const old = ann.password;
  await changePassword(ann);
  await look(ann.page, "account-password-saved");
  await ann.open("/");
  await atDashboard(ann);
  await signOut(ann);
  await enterPassword({ ...ann, password: old });
  await ann.page.getByText("The e-mail or the password is not right.").waitFor();
  await enterPassword(ann);
  await atDashboard(ann);
});

test("somebody who signed in with a password sets a new one, and one that is too short is refused", async () => {
  const ann = await people.arrive();
  await join(ann, mail, false);
  await ann.open("/account");
  await button(ann.page, "Change password").click();
  await ann.page.getByLabel("New password", { exact: true }).fill("short");
  await button(ann.page, "Save the new password").click();
  await ann.page.getByText("Use at least 8 characters.").waitFor();
  await look(ann.page, "account-password-refused");
  await button(ann.page, "Cancel").click();
  await changePassword(ann);
});

test("the first passkey, and a second one on another device, under a name of one's own", async () => {
  const ann = await people.arrive();
  await join(ann, mail, false);
  await ann.open("/account");
  await button(ann.page, "Create a passkey").click();
  await passkeys(ann).first().waitFor();
  await addOn(ann, "On this device");
  await ann.page.getByText("This device already has a passkey for your account.").waitFor();
  await look(ann.page, "account-adding-refused");
  await button(ann.page, "Cancel").click();

  const phone = await people.moveOn(ann);
  await phone.open("/account");
  await enterPassword(phone);
  await heading(phone.page, "Your account").waitFor();
  await addOn(phone, "On this device");
  await phone.page.getByRole("textbox", { name: "Name" }).fill("Phone");
  await look(phone.page, "account-naming");
  await button(phone.page, "Save").click();
  await phone.page.getByRole("main").getByText("“Phone” is ready. You can sign in with it from now on.").waitFor();
  expect(await passkeys(phone).count()).toBe(2);
  await look(phone.page, "account-two-passkeys");
});

test("a security key, and what it was last used with and from", async () => {
  const ann = await people.arrive();
  await join(ann, mail, false);
  await ann.device.exchange("key");
  await leaveAutofillAlone(ann.page);
  await ann.open("/account");
  await button(ann.page, "Use a phone or a security key instead").click();
  await ann.page.getByRole("dialog").getByRole("button", { name: "On a security key" }).click();
  await button(ann.page, "Keep this name").click();
  await ann.page.getByText("This key only").waitFor();
  await ann.page.getByText("Add a second one, so that losing it does not lock you out.").waitFor();
  await button(ann.page, "Sign out").click();
  await signInByOtherDevice(ann);
  await atDashboard(ann);
  await ann.open("/account");
  await passkeys(ann)
    .getByText(/^Last used .* with Chrome on Linux, from (127\.0\.0\.1|::1)$/)
    .waitFor();
  await look(ann.page, "account-security-key");
});

describe("a key that cannot do what is asked", () => {
  test.each([
    ["an old U2F key", "u2f_key"],
    ["a key that cannot tell who touches it", "key_without_verification"],
    ["a key that keeps nothing", "key_without_storage"],
  ] as const)("%s: the page says so, and another way is open", async (_what, kind) => {
    const ann = await people.arrive();
    await join(ann, mail, false);
    await ann.device.exchange(kind);
    await ann.open("/account");
    await button(ann.page, "Use a phone or a security key instead").click();
    const dialog = ann.page.getByRole("dialog");
    await dialog.getByRole("button", { name: "On a security key" }).click();
    await dialog.getByText("this key can't keep a passkey: it needs a PIN or a fingerprint of its own.").waitFor();
    await look(ann.page, `account-${kind}`);
    await ann.device.exchange("device");
    await dialog.getByRole("button", { name: "On this device" }).click();
    await button(ann.page, "Keep this name").click();
    expect(await passkeys(ann).count()).toBe(1);
  });
});

test("a prompt that is closed leaves everything as it was, and can be opened again", async () => {
  const ann = await people.arrive();
  await join(ann, mail, false);
  await ann.device.setVerified(false);
  await ann.open("/account");
  await button(ann.page, "Create a passkey").click();
  await ann.page.getByText("The passkey prompt was closed or timed out. You can try again.").waitFor();
  await look(ann.page, "account-prompt-closed");
  await ann.device.setVerified(true);
  await button(ann.page, "Create a passkey").click();
  await passkeys(ann).first().waitFor();
});

test("a passkey that is the only way in stays, until there is a password", async () => {
  const ann = await people.arrive();
  await ann.open("/register");
  await heading(ann.page, "Create your account").waitFor();
  await ann.page.getByLabel("E-mail").fill(ann.email);
  await button(ann.page, "Use a passkey instead").click();
  await button(ann.page, "Create account with a passkey").click();
  await confirmEmail(ann, mail);
  await ann.open("/account");
  await passkeys(ann)
    .first()
    .getByRole("button", { name: /^Remove/ })
    .click();
  const question = ann.page.getByRole("alertdialog");
  await question.getByRole("button", { name: "Remove", exact: true }).click();
  await question.getByText("This is your only way to sign in. Add another one first.").waitFor();
  await look(ann.page, "account-last-way-in");
  await button(ann.page, "Keep it").click();
  await changePassword(ann);
  await passkeys(ann)
    .first()
    .getByRole("button", { name: /^Remove/ })
    .click();
  await question.getByRole("button", { name: "Remove", exact: true }).click();
  await heading(ann.page, "Sign in faster next time").waitFor();
});
