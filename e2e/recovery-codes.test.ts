import { expect, test } from "vitest";
import { leaveAutofillAlone } from "./support/authenticator.ts";
import { look } from "./support/look.ts";
import type { Person } from "./support/people.ts";
import { provideShared } from "./support/shared.ts";
import {
  acceptPasskey,
  atDashboard,
  button,
  enterPassword,
  heading,
  join,
  signInByButton,
  signOut,
} from "./support/steps.ts";

const { mail, people } = provideShared();

async function makeCodes({ page, open }: Person): Promise<string[]> {
  await open("/recovery-codes");
  await heading(page, "Keep a way back in").waitFor();
  await look(page, "recovery-codes-offer");
  await button(page, "Make recovery codes").click();
  await heading(page, "Save your recovery codes").waitFor();
  await look(page, "recovery-codes");
  const codes = await page.getByRole("list", { name: "Your recovery codes" }).getByRole("listitem").allTextContents();
  await button(page, "I have saved them").click();
  return codes;
}

async function enterCode({ page, email }: Person, code: string): Promise<void> {
  await heading(page, "Use a recovery code").waitFor();
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Recovery code").fill(code);
  await button(page, "Sign in").click();
}

test("codes are made, one is good once in a fresh browser, and what is left is shown", async () => {
  const ann = await people.arrive();
  await join(ann, mail, true);
  const codes = await makeCodes(ann);
  await atDashboard(ann);
  expect(new Set(codes).size).toBe(10);
  const [first = ""] = codes;

  const without = await people.moveOn(ann);
  await without.open("/recover?return_to=%2F");
  await without.page.getByRole("link", { name: "Use a recovery code" }).click();
  await enterCode(without, first.toUpperCase().replace("-", " "));
  await heading(without.page, "Sign in faster next time").waitFor();
  await look(without.page, "recovery-code-passkey");
  await acceptPasskey(without);
  await heading(without.page, "Remove lost passkeys?").waitFor();
  await without.page.getByRole("checkbox").first().check();
  await button(without.page, "Remove the chosen passkeys").click();
  await heading(without.page, "End other sessions?").waitFor();
  await button(without.page, "End other sessions").click();
  await without.page.getByText("9 of 10 codes left").waitFor();
  await look(without.page, "recovery-codes-left");
  await button(without.page, "Continue").click();
  await atDashboard(without);
  expect(await without.device.count()).toBe(1);

  // The sign-in before is over, and the lost passkey with it.
  await leaveAutofillAlone(ann.page);
  const signedOut = async () => {
    await ann.open("/");
    return heading(ann.page, "Sign in").count();
  };
  await expect.poll(signedOut, { timeout: 20_000 }).toBe(1);
  await signInByButton(ann);
  await ann.page.getByText("That passkey is no longer known here.").waitFor();

  const again = await people.moveOn(ann);
  await again.open("/recover/recovery-code");
  await enterCode(again, first);
  await again.page.getByText("The e-mail or the code is not right, or the code was used before.").waitFor();
  await look(again.page, "recovery-code-refused");

  await leaveAutofillAlone(without.page);
  await signOut(without);
  await signInByButton(without);
  await atDashboard(without);
});

test("the account makes a new set, which voids the old one", async () => {
  const ann = await people.arrive();
  await join(ann, mail, false);
  const [old = ""] = await makeCodes(ann);
  await ann.open("/account");
  await ann.page.getByText("10 of 10 codes left").waitFor();
  await button(ann.page, "Make new codes").click();
  await ann.page.getByRole("alertdialog").getByRole("button", { name: "Make new codes" }).click();
  const list = ann.page.getByRole("list", { name: "Your recovery codes" });
  const fresh = (await list.getByRole("listitem").first().textContent()) ?? "";
  await look(ann.page, "account-recovery-codes");
  await button(ann.page, "I have saved them").click();

  const elsewhere = await people.moveOn(ann);
  await elsewhere.open("/recover/recovery-code");
  await enterCode(elsewhere, old);
  await elsewhere.page.getByText("The e-mail or the code is not right").waitFor();
  await enterCode(elsewhere, fresh);
  await button(elsewhere.page, "Not now").click();
  await button(elsewhere.page, "Keep them").click();
  await atDashboard(elsewhere);
  await elsewhere.page.getByText("a recovery code", { exact: true }).waitFor();
  await signOut(elsewhere);
  await enterPassword(elsewhere);
  await atDashboard(elsewhere);
});
