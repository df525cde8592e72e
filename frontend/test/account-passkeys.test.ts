import { describe, expect, it } from "vitest";
import { passkey } from "./support/account-bodies.ts";
import { provideAccount, threePasskeys } from "./support/account-world.ts";

const account = provideAccount();

describe("passkeys", { timeout: 60_000 }, () => {
  it("are offered by the hero prompt to somebody without one", async () => {
    await account.open();
    await account.page.getByRole("heading", { name: "Sign in faster next time" }).waitFor();
    await account.look("empty");
    await account.button("Create a passkey").click();
    await account.text("“Passkey” is ready").waitFor();
    expect(account.backend.hints).toEqual([null]);
    expect(account.backend.passkeys).toHaveLength(1);
    expect(await account.page.getByRole("heading", { name: "Sign in faster next time" }).count()).toBe(0);
  });

  it("have a card each, two of one provider told apart", async () => {
    account.backend.passkeys = threePasskeys();
    await account.open();
    const cards = account.page.getByRole("list", { name: "Your passkeys" }).getByRole("listitem");
    await cards.first().waitFor();
    const words = await cards.allTextContents();
    expect(words[0]).toContain("PhoneApple Passwords 1SyncedBacked up by its provider");
    expect(words[0]).toContain("Created 5 Jan 2026Last used 1 Mar 2026 with Safari on iPhone, from 2001:db8::7");
    expect(words[1]).toContain("LaptopApple Passwords 2Synced");
    expect(words[1]).toContain("Created 1 Feb 2026Not used yet");
    expect(words[2]).toContain("Blue keySecurity keyThis key onlyVerified makeNot backed up");
    await account.look("cards");
  });

  it("are not added past the limit, nor in a browser without WebAuthn", async () => {
    account.backend.passkeys = threePasskeys();
    account.backend.max = 3;
    await account.open();
    await account.text("You have as many passkeys as are allowed (3).").waitFor();
    expect(await account.button("Add a passkey").count()).toBe(0);
    await account.page.addInitScript(() => Object.defineProperty(window, "PublicKeyCredential", { value: undefined }));
    await account.page.reload();
    await account.text("This browser can't create passkeys. You can add one from another device.").waitFor();
    await account.look("unsupported");
  });

  it("are renamed in place, by keyboard, with focus back where it was", async () => {
    account.backend.passkeys = threePasskeys();
    await account.open();
    await account.button("Rename “Laptop”").focus();
    await account.page.keyboard.press("Enter");
    const field = account.nameField();
    await account.page.keyboard.press("Delete");
    await account.page.keyboard.press("Enter");
    await account.text("Please fill this in.").waitFor();
    expect(await field.evaluate((input) => input === document.activeElement)).toBe(true);
    await account.look("renaming");
    await account.page.keyboard.type("Desk");
    await account.page.keyboard.press("Enter");
    await account.page.getByRole("heading", { name: "Desk" }).waitFor();
    expect(account.backend.passkeys[1]?.name).toBe("Desk");
    await account.page.waitForFunction(() => document.activeElement?.getAttribute("aria-label") === "Rename “Desk”");
    await account.page.keyboard.press("Enter");
    await account.page.keyboard.type("never mind");
    await account.page.keyboard.press("Escape");
    await account.page.getByRole("heading", { name: "Desk" }).waitFor();
    expect(account.backend.passkeys[1]?.name).toBe("Desk");
  });

  it("are removed after a question that says what it means", async () => {
    account.backend.passkeys = threePasskeys();
    await account.open();
    await account.button("Remove “Blue key”").click();
    await account.dialog().getByText("You won't be able to sign in with it any more.").waitFor();
    await account.look("removing");
    await account.button("Keep it").click();
    await account.page.waitForFunction(() => document.activeElement?.ariaLabel === "Remove “Blue key”");
    expect(account.backend.passkeys).toHaveLength(3);
    await account.button("Remove “Blue key”").click();
    await account.dialog().getByRole("button", { name: "Remove", exact: true }).click();
    await account.page.getByRole("heading", { name: "Blue key" }).waitFor({ state: "detached" });
    expect(account.backend.passkeys).toHaveLength(2);
    await account.dialog().waitFor({ state: "detached" });
    await account.page.waitForFunction(() => document.activeElement?.textContent === "Passkeys");
  });

  it("say why the last way to sign in stays", async () => {
    account.backend.passkeys = [passkey({ name: "Only" })];
    account.backend.lastMethod = true;
    await account.open();
    await account.button("Remove “Only”").click();
    await account.dialog().getByText("It is your only passkey").waitFor();
    await account.dialog().getByRole("button", { name: "Remove", exact: true }).click();
    await account.dialog().getByText("This is your only way to sign in. Add another one first.").waitFor();
    expect(account.backend.passkeys).toHaveLength(1);
  });

  it("are waited for through an outage, nobody being signed out", async () => {
    account.backend.passkeys = threePasskeys();
    account.backend.away.add("passkeys");
    await account.open();
    await account.text("Your passkeys can't be shown right now. They still work.").waitFor();
    await account.look("passkeys-away");
    account.backend.away.clear();
    await account.page.getByRole("heading", { name: "Phone" }).waitFor();
  });
});
