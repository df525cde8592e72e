import { expect, test } from "vitest";
import { codeIn } from "../scripts/parts/mailbox.ts";
import { leaveAutofillAlone } from "./support/authenticator.ts";
import { look } from "./support/look.ts";
import type { Person } from "./support/people.ts";
import { provideShared } from "./support/shared.ts";
import { step } from "./support/step.ts";
import {
  acceptPasskey,
  atDashboard,
  button,
  confirmEmail,
  createAccount,
  declineCodes,
  enterPassword,
  heading,
  signInByButton,
  signOut,
} from "./support/steps.ts";

const { mail, people } = provideShared();

const showsMethod = ({ page }: Person, words: string) => page.getByText(words, { exact: true }).waitFor();

async function recover(ann: Person): Promise<void> {
  const { page } = ann;
  await heading(page, "Get back in").waitFor();
  await look(page, "recover");
  await page.getByLabel("E-mail").fill(ann.email);
  await button(page, "Send the code").click();
  await heading(page, "Check your e-mail").waitFor();
  await look(page, "recover-code");
  const { text } = await mail.waitFor(ann.email, ({ subject }) => subject.startsWith("Your recovery code"));
  await page.getByLabel("Six-digit code").fill(codeIn({ text }));
  await page.getByLabel("New password", { exact: true }).waitFor();
  await look(page, "recover-password");
  ann.password = `${ann.password} and then some`;
  await page.getByLabel("New password", { exact: true }).fill(ann.password);
  await button(page, "Save the password").click();
  await heading(page, "Sign in faster next time").waitFor();
  await button(page, "Not now").click();
  await heading(page, "Remove lost passkeys?").waitFor();
  await look(page, "recover-lost-passkeys");
  await button(page, "Keep them all").click();
  await heading(page, "End other sessions?").waitFor();
  await look(page, "recover-other-sessions");
  await button(page, "End other sessions").click();
}

async function renameAndDelete({ page }: Person): Promise<void> {
  await page.getByRole("list", { name: "Your passkeys" }).getByRole("listitem").waitFor();
  await look(page, "account");
  await page.getByRole("button", { name: /^Rename / }).click();
  await page.getByLabel("Name", { exact: true }).fill("Ann's laptop");
  await look(page, "account-renaming");
  await button(page, "Save").click();
  await heading(page, "Ann's laptop").waitFor();
  await page.getByRole("button", { name: "Remove “Ann's laptop”" }).click();
  await look(page, "account-removing");
  await button(page, "Remove").click();
  await heading(page, "Sign in faster next time").waitFor();
}

async function talk({ page, email }: Person): Promise<void> {
  await page.getByText(`Connected as ${email}`).waitFor();
  await page.getByLabel("Message").fill("Ahoy ⚓");
  await button(page, "Send").click();
  await page.getByRole("log").getByText("Server Ahoy ⚓").waitFor();
}

test("from sign-up to the last passkey's removal, with everything between", async () => {
  const ann = await people.arrive();
  const { page } = ann;
  await step("a stranger is sent to sign in", async () => {
    await ann.open("/");
    await heading(page, "Sign in").waitFor();
    await look(page, "login");
  });
  await step("signs up", async () => {
    await page.getByRole("link", { name: "Create an account" }).click();
    await heading(page, "Create your account").waitFor();
    await look(page, "register");
    await createAccount(ann);
    await look(page, "passkey-offer");
  });
  await step("creates a passkey", async () => {
    await acceptPasskey(ann);
    await heading(page, "Check your e-mail").waitFor();
    expect(await ann.device.count()).toBe(1);
    await look(page, "verify-code");
  });
  await step("confirms the e-mail by the mailed code", async () => {
    await confirmEmail(ann, mail, () => look(page, "verify-done"));
  });
  await step("is offered recovery codes, and goes on without", async () => {
    await declineCodes(ann);
    await atDashboard(ann);
    await page.getByText(`${ann.email} (confirmed)`).waitFor();
  });
  const autofillAgain = await leaveAutofillAlone(page);
  await step("signs out", () => signOut(ann));
  await autofillAgain();
  await step("signs in by the field's autofill, without a click", async () => {
    await page.reload();
    await atDashboard(ann);
    await showsMethod(ann, "a passkey");
  });
  await leaveAutofillAlone(page);
  await step("signs in by the button", async () => {
    await signOut(ann);
    await look(page, "login-passkey-last");
    await signInByButton(ann);
    await atDashboard(ann);
    await showsMethod(ann, "a passkey");
    await page.getByText("✓ Verified").waitFor();
    await look(page, "dashboard");
  });
  await step("talks over a WebSocket", () => talk(ann));
  await step("signs in with the password", async () => {
    await signOut(ann);
    await enterPassword(ann);
    await atDashboard(ann);
    await showsMethod(ann, "a password");
    await page.getByText("✓ Verified").waitFor();
  });
  await step("recovers the account", async () => {
    await signOut(ann);
    await look(page, "login-password-last");
    await page.getByRole("link", { name: "Forgot it?" }).click();
    await recover(ann);
    await atDashboard(ann);
  });
  await step("signs in with the new password", async () => {
    await signOut(ann);
    await enterPassword(ann);
    await atDashboard(ann);
  });
  await step("renames and removes the passkey", async () => {
    await page.getByRole("link", { name: "Your account" }).click();
    await renameAndDelete(ann);
    await look(page, "account-no-passkey");
  });
});
