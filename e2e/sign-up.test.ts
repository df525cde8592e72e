import { expect, test } from "vitest";
import { codeIn } from "../scripts/parts/mailbox.ts";
import { expireFlow } from "./support/flows.ts";
import { look } from "./support/look.ts";
import type { Person } from "./support/people.ts";
import { provideShared } from "./support/shared.ts";
import {
  acceptPasskey,
  atDashboard,
  button,
  confirmEmail,
  createAccount,
  declinePasskey,
  enterRecoveryCode,
  heading,
  join,
  sendSignUp,
} from "./support/steps.ts";

const { databaseUrl, mail, people } = provideShared();

const otherCode = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, "0");

/** The verification link of the mail, as a mail program would open it. */
async function linkIn(email: string): Promise<string> {
  const { text } = await mail.waitFor(email);
  const link = /https?:\/\/\S+/.exec(text)?.[0];
  if (!link) throw new Error("the mail has no link");
  return link;
}

async function atCodeStep(person: Person): Promise<void> {
  await person.open("/register");
  await createAccount(person);
  await declinePasskey(person);
  await heading(person.page, "Check your e-mail").waitFor();
}

test("without a passkey the dashboard is reached as well", async () => {
  const ann = await people.arrive();
  await join(ann, mail, false);
  expect(await ann.device.count()).toBe(0);
  await ann.page.getByText("a password", { exact: true }).waitFor();
});

test("the e-mail can be confirmed later, from the account", async () => {
  const ann = await people.arrive();
  await atCodeStep(ann);
  await button(ann.page, "Do this later").click();
  await atDashboard(ann);
  await ann.page.getByText(`${ann.email} (not confirmed yet)`).waitFor();
  await ann.open("/account");
  await ann.page.getByText("Not confirmed yet").waitFor();
  await look(ann.page, "account-unconfirmed");
  await ann.page.getByRole("link", { name: "Verify now" }).click();
  await heading(ann.page, "Confirm your e-mail").waitFor();
  await look(ann.page, "verify-ask");
  const [first] = await mail.list(ann.email);
  await button(ann.page, "Send the code").click();
  await heading(ann.page, "Check your e-mail").waitFor();
  const { text } = await mail.waitFor(ann.email, ({ id }) => id !== first?.id);
  await ann.page.getByLabel("Six-digit code").fill(codeIn({ text }));
  await heading(ann.page, "Your e-mail is confirmed").waitFor();
  await button(ann.page, "Continue").click();
  await ann.page.getByText("Confirmed", { exact: true }).waitFor();
});

test("a wrong code is told, and the right one still works", async () => {
  const ann = await people.arrive();
  await atCodeStep(ann);
  const code = codeIn(await mail.waitFor(ann.email));
  await ann.page.getByLabel("Six-digit code").fill(otherCode(code));
  await ann.page.getByText("The code is not right, or it was used before.").waitFor();
  await look(ann.page, "verify-wrong-code");
  await confirmEmail(ann, mail);
  await atDashboard(ann);
});

test("the mail's link in another browser makes the account its owner's, who sets up a way in", async () => {
  const ann = await people.arrive();
  await atCodeStep(ann);
  const elsewhere = await people.moveOn(ann);
  await elsewhere.page.goto(await linkIn(ann.email));
  await elsewhere.page.getByText("We filled in the code from your mail.").waitFor();
  await elsewhere.page.getByText("You are not signed in to this account here.").waitFor();
  await look(elsewhere.page, "verify-from-link");
  await button(elsewhere.page, "Confirm").click();
  await heading(elsewhere.page, "Your e-mail is confirmed").waitFor();
  await look(elsewhere.page, "verify-elsewhere-done");
  // What was set up where the address was not proved is gone.
  const signedOut = async () => {
    await ann.open("/");
    return heading(ann.page, "Sign in").count();
  };
  await expect.poll(signedOut, { timeout: 20_000 }).toBe(1);
  await elsewhere.page.getByRole("link", { name: "Set up a way to sign in" }).click();
  await heading(elsewhere.page, "Get back in").waitFor();
  await elsewhere.page.getByLabel("E-mail").fill(ann.email);
  await button(elsewhere.page, "Send the code").click();
  await enterRecoveryCode(elsewhere, mail);
  await elsewhere.page.getByLabel("New password", { exact: true }).fill(`${ann.password} of mine`);
  await button(elsewhere.page, "Save the password").click();
  await declinePasskey(elsewhere);
  await heading(elsewhere.page, "End other sessions?").waitFor();
  await button(elsewhere.page, "End other sessions").click();
  await atDashboard(elsewhere);
});

test("the mail's link works in the browser it was asked from", async () => {
  const ann = await people.arrive();
  await atCodeStep(ann);
  await ann.page.goto(await linkIn(ann.email));
  await button(ann.page, "Confirm").click();
  await heading(ann.page, "Your e-mail is confirmed").waitFor();
  await button(ann.page, "Continue").click();
  await atDashboard(ann);
});

test("a code that came too late leads to a new one", async () => {
  const ann = await people.arrive();
  await atCodeStep(ann);
  const late = codeIn(await mail.waitFor(ann.email));
  const flow = new URL(ann.page.url()).searchParams.get("flow") ?? "";
  await expireFlow(databaseUrl, "verification", flow);
  await ann.page.getByLabel("Six-digit code").fill(late);
  await ann.page.getByText("That code can't be used here any more.").waitFor();
  await look(ann.page, "verify-expired");
  await button(ann.page, "Send the code").click();
  await heading(ann.page, "Check your e-mail").waitFor();
  const { text } = await mail.waitFor(ann.email, (one) => codeIn(one) !== late);
  await ann.page.getByLabel("Six-digit code").fill(codeIn({ text }));
  await heading(ann.page, "Your e-mail is confirmed").waitFor();
});

test("a form that was open for too long is sent all the same", async () => {
  const ann = await people.arrive();
  const started = ann.page.waitForResponse(/self-service\/registration\/browser/);
  await ann.open("/register");
  const { id } = (await (await started).json()) as { id: string };
  await expireFlow(databaseUrl, "registration", id);
  await createAccount(ann);
});

test("what is wrong with the form is told at its fields", async () => {
  const ann = await people.arrive();
  await ann.open("/register");
  await button(ann.page, "Create account").click();
  await ann.page.getByText("Please fill this in.").first().waitFor();
  await ann.page.getByLabel("E-mail").fill(ann.email);
  await ann.page.getByLabel("Password", { exact: true }).fill("short");
  await button(ann.page, "Create account").click();
  await ann.page.getByText("Use at least 8 characters.").waitFor();
  await look(ann.page, "register-refused");
});

test("an address that has an account leads on to signing in, without saying so", async () => {
  const ann = await people.arrive();
  await join(ann, mail, false);
  const again = await people.moveOn(ann);
  await again.open("/register");
  await sendSignUp(again);
  await again.page.getByText("This e-mail can't be used for a new account.").waitFor();
  await again.page.getByRole("link", { name: "Sign in" }).click();
  await heading(again.page, "Sign in").waitFor();
});

test("a passkey prompt that is closed can be tried again", async () => {
  const ann = await people.arrive();
  await ann.open("/register");
  await createAccount(ann);
  await ann.device.setVerified(false);
  await acceptPasskey(ann);
  await ann.page.getByText("The passkey prompt was closed or timed out. You can try again.").waitFor();
  await look(ann.page, "passkey-offer-cancelled");
  await ann.device.setVerified(true);
  await acceptPasskey(ann);
  await heading(ann.page, "Check your e-mail").waitFor();
  expect(await ann.device.count()).toBe(1);
});
