import { expect, test } from "vitest";
import { leaveAutofillAlone } from "./support/authenticator.ts";
import { look } from "./support/look.ts";
import type { Person } from "./support/people.ts";
import { provideShared } from "./support/shared.ts";
import { atDashboard, button, confirmEmail, declineCodes, heading, signInByButton, signOut } from "./support/steps.ts";

const { mail, people } = provideShared();

/** Fills in the form, where the passkey is chosen already, and has the device make it. */
async function createByPasskey({ page, email }: Person): Promise<void> {
  await page.getByLabel("E-mail").fill(email);
  await button(page, "Create account with a passkey").click();
}

/** Chooses the passkey, fills in the sign-up form and has the device make a passkey. */
async function signUpByPasskey(person: Person): Promise<void> {
  const { page } = person;
  await heading(page, "Create your account").waitFor();
  await button(page, "Use a passkey instead").click();
  await createByPasskey(person);
}

/** The verification link of the mail, as a mail program would open it. */
async function linkTo(email: string): Promise<string> {
  const { text } = await mail.waitFor(email, ({ subject }) => subject.startsWith("Your code"));
  const link = /https?:\/\/\S+/.exec(text)?.[0];
  if (!link) throw new Error("the mail has no link");
  return link;
}

test("an account by passkey alone: created, confirmed, and signed in to again", async () => {
  const ann = await people.arrive();
  await leaveAutofillAlone(ann.page);
  await ann.open("/register");
  await heading(ann.page, "Create your account").waitFor();
  await button(ann.page, "Use a passkey instead").click();
  await look(ann.page, "register-passkey");
  await createByPasskey(ann);
  await heading(ann.page, "Check your e-mail").waitFor();
  expect(await ann.device.count()).toBe(1);
  await confirmEmail(ann, mail);
  await declineCodes(ann);
  await atDashboard(ann);
  await ann.page.getByText(`${ann.email} (confirmed)`).waitFor();
  await ann.page.getByText("a passkey", { exact: true }).waitFor();
  await signOut(ann);
  await signInByButton(ann);
  await atDashboard(ann);
  expect(await mail.list(ann.email)).toHaveLength(1);
});

test("a prompt that is closed leaves both ways open", async () => {
  const ann = await people.arrive();
  await ann.open("/register");
  await ann.device.setVerified(false);
  await signUpByPasskey(ann);
  await ann.page.getByText("The passkey prompt was closed or timed out. You can try again.").waitFor();
  await look(ann.page, "register-passkey-cancelled");
  await ann.device.setVerified(true);
  await button(ann.page, "Create account with a passkey").click();
  await heading(ann.page, "Check your e-mail").waitFor();
});

test("an address that has an account leads on to signing in", async () => {
  const ann = await people.arrive();
  await ann.open("/register");
  await signUpByPasskey(ann);
  await heading(ann.page, "Check your e-mail").waitFor();
  const again = await people.moveOn(ann);
  await again.open("/register");
  await signUpByPasskey(again);
  await again.page.getByText("There is an account with this address already.").waitFor();
  await look(again.page, "register-passkey-exists");
  await again.page.getByRole("alert").getByRole("link", { name: "Sign in" }).click();
  await heading(again.page, "Sign in").waitFor();
});

test("another mail can be asked for, and its code works as well", async () => {
  const ann = await people.arrive();
  await ann.page.clock.install();
  await ann.open("/register");
  await signUpByPasskey(ann);
  await heading(ann.page, "Check your e-mail").waitFor();
  const first = await mail.waitFor(ann.email);
  await ann.page.clock.runFor(31_000);
  await button(ann.page, "Send again").click();
  await mail.waitFor(ann.email, ({ id }) => id !== first.id);
  await confirmEmail(ann, mail);
  await declineCodes(ann);
  await atDashboard(ann);
});

test("whoever signs up with another's address keeps nothing once its owner confirms it", async () => {
  const mallory = await people.arrive();
  await leaveAutofillAlone(mallory.page);
  await mallory.open("/register");
  await signUpByPasskey(mallory);
  await heading(mallory.page, "Check your e-mail").waitFor();
  const owner = await people.moveOn(mallory);
  await owner.page.goto(await linkTo(owner.email));
  await owner.page.getByText("You are not signed in to this account here.").waitFor();
  await look(owner.page, "verify-elsewhere");
  await button(owner.page, "Confirm").click();
  await heading(owner.page, "Your e-mail is confirmed").waitFor();
  await mallory.open("/");
  await heading(mallory.page, "Sign in").waitFor();
  await signInByButton(mallory);
  await mallory.page.getByText("That passkey is no longer known here. It may have been removed.").waitFor();
});
