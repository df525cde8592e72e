import type { Locator, Page } from "playwright-core";
import { codeIn, hasCode, type Mailbox } from "../../scripts/parts/mailbox.ts";
import { leaveAutofillAlone } from "./authenticator.ts";
import type { People, Person } from "./people.ts";

export const button = (page: Page, name: string): Locator => page.getByRole("button", { name, exact: true });
export const heading = (page: Page, name: string): Locator => page.getByRole("heading", { name, exact: true });

/** Sends the sign-up form, wherever it was opened from. */
export async function sendSignUp({ page, email, password }: Person): Promise<void> {
  // The sign-in page has fields of the same names.
  await heading(page, "Create your account").waitFor();
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await button(page, "Create account").click();
}

export async function createAccount(person: Person): Promise<void> {
  const { page } = person;
  await sendSignUp(person);
  await heading(page, "Sign in faster next time").waitFor();
}

/** Has the device make a passkey at the hero prompt. */
export const acceptPasskey = ({ page }: Person) => button(page, "Create a passkey").click();

/** Goes on without the recovery codes that are offered after the first passkey. */
export async function declineCodes({ page }: Person): Promise<void> {
  await heading(page, "Keep a way back in").waitFor();
  await button(page, "Not now").click();
}

export const declinePasskey = ({ page }: Person) => button(page, "Not now").click();

/** Waits at the code step, reads the mail, enters the code, and goes on; `pause` looks at the good news before that. */
export async function confirmEmail({ page, email }: Person, mail: Mailbox, pause?: () => Promise<void>): Promise<void> {
  await heading(page, "Check your e-mail").waitFor();
  await page.getByLabel("Six-digit code").fill(codeIn(await mail.waitFor(email, hasCode)));
  await heading(page, "Your e-mail is confirmed").waitFor();
  await pause?.();
  await button(page, "Continue").click();
}

/** The whole way from sign-up to the dashboard. */
export async function join(person: Person, mail: Mailbox, withPasskey: boolean): Promise<void> {
  await person.open("/register");
  await createAccount(person);
  await (withPasskey ? acceptPasskey(person) : declinePasskey(person));
  await confirmEmail(person, mail);
  if (withPasskey) await declineCodes(person);
  await atDashboard(person);
}

/** Waits until the dashboard shows whose it is. */
export async function atDashboard({ page, email }: Person): Promise<void> {
  await heading(page, "Who you are").waitFor();
  await page.getByText(`${email} (`).waitFor();
}

export async function signOut({ page }: Person): Promise<void> {
  await button(page, "Sign out").click();
  await heading(page, "Sign in").waitFor();
}

/** Enters e-mail and password on the sign-in page. */
export async function enterPassword({ page, email, password }: Person): Promise<void> {
  await heading(page, "Sign in").waitFor();
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await button(page, "Sign in with password").click();
}

/** Waits at the code step of a recovery, reads the mail, and enters the code. */
export async function enterRecoveryCode({ page, email }: Person, mail: Mailbox): Promise<void> {
  await heading(page, "Check your e-mail").waitFor();
  const { text } = await mail.waitFor(email, ({ subject }) => subject.startsWith("Your recovery code:"));
  await page.getByLabel("Six-digit code").fill(codeIn({ text }));
}

export const signInByButton = ({ page }: Person) => button(page, "Sign in with a passkey").click();

/** The first press asks for what this device has; the second for a phone or a security key too. */
export async function signInByOtherDevice(person: Person): Promise<void> {
  await signInByButton(person);
  await person.page.getByText("No passkey on this device was used.").waitFor();
  await signInByButton(person);
}

/** Somebody with an account, signed out, who leaves the field's autofill alone. */
export async function newcomer(people: People, mail: Mailbox, withPasskey: boolean): Promise<Person> {
  const ann = await people.arrive();
  await join(ann, mail, withPasskey);
  await leaveAutofillAlone(ann.page);
  await signOut(ann);
  return ann;
}
