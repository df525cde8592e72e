import { describe, expect, it } from "vitest";
import { provideAccount, threePasskeys } from "./support/account-world.ts";

const account = provideAccount();
const section = (name = "Recovery codes") => account.page.getByRole("region", { name });

describe("recovery codes", { timeout: 60_000 }, () => {
  it("are made and shown once, in the account", async () => {
    account.backend.passkeys = threePasskeys();
    await account.open();
    await section().getByText("You have no recovery codes yet.").waitFor();
    await account.button("Make recovery codes").click();
    const codes = section("Save your recovery codes").getByRole("list", { name: "Your recovery codes" });
    await account.page.waitForFunction(() => document.activeElement?.textContent === "Save your recovery codes");
    expect(await codes.getByRole("listitem").count()).toBe(10);
    await account.look("recovery-codes");
    await account.button("I have saved them").click();
    await section().getByText("10 of 10 codes left, made on Mar 4, 2026.").waitFor();
    await account.page.waitForFunction(() => document.activeElement?.textContent === "Recovery codes");
    expect(await account.page.getByText("k7fm0-9xqpd").count()).toBe(0);
  });

  it("that are all used say so, and are replaced without a question", async () => {
    account.backend.codes = { remaining: 0, created_at: "2026-03-04T12:00:00Z" };
    await account.open();
    await section().getByText("All your codes are used. Make new ones.").waitFor();
    await account.look("recovery-codes-used");
    await account.button("Make recovery codes").click();
    await section("Save your recovery codes").waitFor();
  });

  it("that still work are replaced after a question, and a fresh sign-in where it is needed", async () => {
    account.backend.codes = { remaining: 4, created_at: "2026-03-04T12:00:00Z" };
    account.backend.privileged = false;
    await account.open();
    await account.button("Make new codes").click();
    await account.dialog().getByRole("button", { name: "Make new codes" }).click();
    await account.page.getByRole("heading", { name: "Confirm it's you" }).waitFor();
    await account.button("Cancel").click();
    await account.dialog().waitFor({ state: "detached" });
    expect(account.backend.codes.remaining).toBe(4);
  });

  it("that can't be asked for leave the rest of the account as it is", async () => {
    account.backend.passkeys = threePasskeys();
    account.backend.away.add("recovery-codes");
    await account.open();
    await section().getByText("We can't check this right now.").waitFor();
    await account.page.getByRole("heading", { name: "Phone" }).waitFor();
    await account.look("recovery-codes-away");
    account.backend.away.clear();
    await section().getByRole("button", { name: "Try again" }).click();
    await section().getByText("You have no recovery codes yet.").waitFor();
  });
});
