import { describe, expect, it } from "vitest";
import { passkey } from "./support/account-bodies.ts";
import { provideAccount } from "./support/account-world.ts";
import { closePrompts } from "./support/authenticator.ts";

const account = provideAccount();

describe("a further passkey", { timeout: 60_000 }, () => {
  it("is added at a place of one's choice, and gets its name after that, by keyboard", async () => {
    account.backend.passkeys = [passkey({ id: "b25l" })];
    await account.open();
    await account.button("Add a passkey").focus();
    await account.page.keyboard.press("Enter");
    await account.dialog().getByText("Where should it be kept?").waitFor();
    await account.look("adding");
    await account.dialog().getByRole("button", { name: "On this device" }).focus();
    await account.page.keyboard.press("Enter");
    await account.dialog().getByText("Your passkey is ready").waitFor();
    const field = account.nameField();
    expect(await field.inputValue()).toBe("Passkey");
    expect(await field.evaluate((input) => input === document.activeElement)).toBe(true);
    await account.look("naming");
    await account.page.keyboard.type("  Work laptop ");
    await account.page.keyboard.press("Enter");
    await account.dialog().waitFor({ state: "detached" });
    await account.text("“Work laptop” is ready").first().waitFor();
    expect(account.backend.passkeys.at(-1)?.name).toBe("Work laptop");
    expect(account.backend.hints).toEqual(["client-device"]);
    await account.page.waitForFunction(() => document.activeElement?.textContent === "Add a passkey");
  });

  it.each([
    ["On a phone or tablet", "hybrid"],
    ["On a security key", "security-key"],
  ])("%s: the browser is told, and the name may stay", async (place, hint) => {
    account.backend.passkeys = [passkey({ id: "b25l", name: "First" })];
    await account.open();
    await account.button("Add a passkey").click();
    await account.dialog().getByRole("button", { name: place }).click();
    await account.dialog().getByRole("button", { name: "Keep this name" }).click();
    await account.dialog().waitFor({ state: "detached" });
    await account.page.getByRole("heading", { name: "Passkey", exact: true }).waitFor();
    expect(account.backend.hints).toEqual([hint]);
    expect(account.backend.calls.filter((call) => call.startsWith("PATCH"))).toEqual([]);
  });

  it("can be the first one, and kept elsewhere", async () => {
    await account.open();
    await account.button("Use a phone or a security key instead").click();
    await account.dialog().getByRole("button", { name: "On a security key" }).click();
    await account.nameField().fill("Blue key");
    await account.button("Save").click();
    await account.page.getByRole("heading", { name: "Blue key" }).waitFor();
    expect(await account.page.getByRole("heading", { name: "Sign in faster next time" }).count()).toBe(0);
  });

  it("takes the last place, and its name is still asked for", async () => {
    account.backend.passkeys = [passkey({ id: "b25l" })];
    account.backend.max = 2;
    await account.open();
    await account.button("Add a passkey").click();
    await account.dialog().getByRole("button", { name: "On this device" }).click();
    await account.nameField().fill("Second");
    await account.button("Save").click();
    await account.text("You have as many passkeys as are allowed (2).").waitFor();
    await account.page.getByRole("heading", { name: "Second" }).waitFor();
  });

  it("is not made twice on one device", async () => {
    await account.open();
    await account.button("Create a passkey").click();
    await account.button("Add a passkey").click();
    await account.dialog().getByRole("button", { name: "On this device" }).click();
    await account.text("This device already has a passkey for your account.").waitFor();
    await account.look("on-device");
    await account.page.keyboard.press("Escape");
    await account.dialog().waitFor({ state: "detached" });
    await account.page.waitForFunction(() => document.activeElement?.textContent === "Add a passkey");
    expect(account.backend.passkeys).toHaveLength(1);
  });

  it("can be tried again after its prompt was closed", async () => {
    await closePrompts(account.page);
    account.backend.passkeys = [passkey({ id: "b25l" })];
    await account.open();
    await account.button("Add a passkey").click();
    await account.dialog().getByRole("button", { name: "On this device" }).click();
    await account.dialog().getByText("The passkey prompt was closed or timed out. You can try again.").waitFor();
    await account.look("adding-closed");
    expect(await account.dialog().getByRole("button", { name: "On this device" }).isEnabled()).toBe(true);
  });
});
