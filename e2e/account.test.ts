import { expect, test } from "vitest";
import { leaveAutofillAlone } from "./support/authenticator.ts";
import { look } from "./support/look.ts";
import type { Person } from "./support/people.ts";
import { provideShared } from "./support/shared.ts";
import { atDashboard, button, enterPassword, heading, join, signInByButton, signOut } from "./support/steps.ts";

const { mail, people } = provideShared();

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
  await ann.page.getByRole("list", { name: "Your passkeys" }).waitFor();
  await button(ann.page, "Add a passkey").click();
  await ann.page.getByRole("dialog").getByLabel("Name").fill("Key in the drawer");
  await look(ann.page, "account-adding");
  await button(ann.page, "Create a passkey").click();
  await ann.page.getByText("This device already has a passkey for your account.").waitFor();
  await look(ann.page, "account-adding-refused");
  await button(ann.page, "Cancel").click();

  const phone = await people.moveOn(ann);
  await phone.open("/account");
  await enterPassword(phone);
  await heading(phone.page, "Your account").waitFor();
  await button(phone.page, "Add a passkey").click();
  await phone.page.getByRole("dialog").getByLabel("Name").fill("Phone");
  await button(phone.page, "Create a passkey").click();
  await phone.page.getByRole("main").getByText("“Phone” is ready. You can sign in with it from now on.").waitFor();
  expect(await phone.page.getByRole("list", { name: "Your passkeys" }).getByRole("listitem").count()).toBe(2);
  await look(phone.page, "account-two-passkeys");
});
