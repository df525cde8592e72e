import { describe, expect, it } from "vitest";
import { passkey, signedIn } from "./support/account-bodies.ts";
import { provideAccount } from "./support/account-world.ts";
import { closePrompts } from "./support/authenticator.ts";

const account = provideAccount();
const asked = () => account.page.getByRole("dialog", { name: "Confirm it's you" });

/** A passkey the device really has, by the hero prompt, while the sign-in is still recent. */
async function withPasskey(): Promise<void> {
  await account.open();
  await account.button("Create a passkey").click();
  await account.text("“Passkey” is ready").waitFor();
  account.backend.privileged = false;
}

async function removeSecond(): Promise<void> {
  account.backend.passkeys = [...account.backend.passkeys, passkey({ id: "c2Vjb25k", name: "Second" })];
  await account.page.reload();
  await account.button("Remove “Second”").click();
  await account.dialog().getByRole("button", { name: "Remove", exact: true }).click();
  await asked().waitFor();
}

describe("a change that needs a fresh sign-in", { timeout: 60_000 }, () => {
  it("asks for the passkey, and goes on by itself: a removal", async () => {
    await withPasskey();
    await removeSecond();
    await account.look("step-up");
    await asked().getByRole("button", { name: "Use your passkey" }).click();
    await account.page.getByRole("heading", { name: "Second" }).waitFor({ state: "detached" });
    await account.dialog().waitFor({ state: "detached" });
    expect(account.backend.passkeys.map(({ name }) => name)).toEqual(["Passkey"]);
    expect(new URL(account.page.url()).pathname).toBe("/account");
    await account.page.waitForFunction(() => document.activeElement?.textContent === "Passkeys");
  });

  it("takes the password as well, tells a wrong one, and goes on by itself: a first passkey", async () => {
    account.backend.privileged = false;
    await account.open();
    await account.button("Create a passkey").click();
    await asked().getByLabel("Password", { exact: true }).fill("not it");
    await account.page.keyboard.press("Enter");
    await asked().getByText("This password is not right.").waitFor();
    await account.look("step-up-wrong-password");
    const field = asked().getByLabel("Password", { exact: true });
    expect(await field.evaluate((input) => input === document.activeElement)).toBe(true);
    await field.fill(account.backend.password);
    await asked().getByRole("button", { name: "Confirm with password" }).click();
    await account.text("“Passkey” is ready").waitFor();
    expect(account.backend.passkeys).toHaveLength(1);
  });

  it("goes on by itself: a further passkey, in the dialog it was started from", async () => {
    account.backend.passkeys = [passkey({ id: "b25l" })];
    account.backend.privileged = false;
    await account.open();
    await account.button("Add a passkey").click();
    await account.dialog().getByRole("button", { name: "On this device" }).click();
    await asked().getByLabel("Password", { exact: true }).fill(account.backend.password);
    await asked().getByRole("button", { name: "Confirm with password" }).click();
    await account.dialog().getByText("Your passkey is ready").waitFor();
    expect(account.backend.hints).toEqual(["client-device"]);
  });

  it("goes on by itself: a new password, after a passkey", async () => {
    await withPasskey();
    await account.button("Change password").click();
    await account.page.getByLabel("New password").fill("seven lonely otters");
    await account.button("Save the new password").click();
    await asked().getByRole("button", { name: "Use your passkey" }).click();
    await account.page.locator(".notice").getByText("Your new password is saved.").waitFor();
    expect(account.backend.saved).toEqual([{ flow: "after-recovery", password: "seven lonely otters" }]);
  });

  it("goes on by itself: a new password, after the old one and without a passkey", async () => {
    account.backend.privileged = false;
    account.backend.kratosFresh = false;
    await account.open();
    await account.button("Change password").click();
    await account.page.getByLabel("New password").fill("seven lonely otters");
    await account.button("Save the new password").click();
    await asked().getByLabel("Password", { exact: true }).fill(account.backend.password);
    await asked().getByRole("button", { name: "Confirm with password" }).click();
    await account.page.locator(".notice").getByText("Your new password is saved.").waitFor();
    expect(account.backend.saved.map(({ password }) => password)).toEqual(["seven lonely otters"]);
  });

  it("is not made when the person does not want to, and nothing is said of it", async () => {
    await withPasskey();
    await removeSecond();
    await account.page.keyboard.press("Escape");
    await asked().waitFor({ state: "detached" });
    await account.dialog().getByText("You won't be able to sign in with it any more.").waitFor();
    expect(await account.dialog().locator(".notice").count()).toBe(0);
    expect(account.backend.passkeys).toHaveLength(2);
    await account.dialog().getByRole("button", { name: "Remove", exact: true }).click();
    await asked().getByRole("button", { name: "Cancel" }).click();
    await account.button("Keep it").click();
    await account.page.waitForFunction(() => document.activeElement?.ariaLabel === "Remove “Second”");
    expect(account.backend.calls.filter((call) => call === "POST /api/passkeys/login/finish")).toEqual([]);
  });

  it("says when the prompt was closed, and waits", async () => {
    await closePrompts(account.page);
    account.backend.passkeys = [passkey({ name: "Only" })];
    account.backend.privileged = false;
    await account.open();
    await account.button("Remove “Only”").click();
    await account.dialog().getByRole("button", { name: "Remove", exact: true }).click();
    await asked().getByRole("button", { name: "Use your passkey" }).click();
    await asked().getByText("The passkey prompt was closed or timed out. Try again, or use your password.").waitFor();
    await account.look("step-up-closed");
    expect(account.backend.passkeys).toHaveLength(1);
  });

  it("is made once, however often the button is pressed", async () => {
    account.backend.privileged = false;
    await account.open();
    await account.button("Create a passkey").click();
    await asked().getByLabel("Password", { exact: true }).fill(account.backend.password);
    await asked().getByRole("button", { name: "Confirm with password" }).dblclick();
    await account.text("“Passkey” is ready").waitFor();
    expect(account.backend.passkeys).toHaveLength(1);
    expect(account.backend.calls.filter((call) => call === "POST /.ory/kratos/self-service/login")).toHaveLength(1);
  });

  it("asks for nothing but the passkey where a password would not prove enough", async () => {
    await withPasskey();
    account.backend.privileged = true;
    const body = { code: "aal2_required", status: 403, detail: "A passkey is needed." };
    await account.page.route("**/api/passkeys/c2Vjb25k", (route) => route.fulfill({ status: 403, json: body }), {
      times: 1,
    });
    await removeSecond();
    await asked().getByText("For your safety this change needs your passkey.").waitFor();
    expect(await asked().getByLabel("Password", { exact: true }).count()).toBe(0);
    await account.look("step-up-passkey-only");
    await asked().getByRole("button", { name: "Use your passkey" }).click();
    await account.page.getByRole("heading", { name: "Second" }).waitFor({ state: "detached" });
  });

  it("leads to sign-in where nobody is signed in any more", async () => {
    account.backend.passkeys = [passkey({ name: "Only" })];
    await account.open();
    await account.button("Remove “Only”").click();
    account.backend.session = { authenticated: false };
    await account.dialog().getByRole("button", { name: "Remove", exact: true }).click();
    const again = account.dialog().getByRole("link", { name: "Sign in again" });
    expect(await again.getAttribute("href")).toBe("/login?reauthenticate=1&return_to=%2Faccount");
    account.backend.session = signedIn();
  });
});
