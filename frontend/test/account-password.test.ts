import { describe, expect, it } from "vitest";
import { signedIn } from "./support/account-bodies.ts";
import { provideAccount } from "./support/account-world.ts";

const LATER = "2099-01-01T00:00:00Z";
const withKratos = { passkey: null, password: { id: "k1", expires_at: LATER } };

const account = provideAccount();

describe("the password", { timeout: 60_000 }, () => {
  async function choose(password: string): Promise<void> {
    await account.button("Change password").click();
    await account.page.getByLabel("New password").fill(password);
    await account.button("Save the new password").click();
  }

  it("is changed in Kratos' settings flow after a password sign-in", async () => {
    account.backend.session = signedIn({ sessions: withKratos });
    await account.open();
    await choose("short");
    await account.text("Use at least 8 characters.").waitFor();
    await account.look("password-refused");
    await account.page.getByLabel("New password").fill("seven lonely otters");
    await account.button("Save the new password").click();
    await account.page.locator(".notice").getByText("Your new password is saved.").waitFor();
    expect(account.backend.saved.map(({ password }) => password)).toEqual(["seven lonely otters"]);
    expect(account.backend.calls).not.toContain("POST /api/auth/password-reset");
    await account.look("password-saved");
  });

  it("is set in the page after a passkey sign-in, without a mail or the old one", async () => {
    await account.open();
    await account.text("You signed in with a passkey, so we don't ask for your old password.").waitFor();
    await choose("seven lonely otters");
    await account.page.locator(".notice").getByText("Your new password is saved.").waitFor();
    expect(account.backend.saved).toEqual([{ flow: "after-recovery", password: "seven lonely otters" }]);
    expect(new URL(account.page.url()).pathname).toBe("/account");
  });

  it("takes a recent passkey sign-in where Kratos' own is too old", async () => {
    account.backend.session = signedIn({ sessions: { ...withKratos, passkey: { id: "s1", expires_at: LATER } } });
    account.backend.kratosFresh = false;
    await account.open();
    await choose("seven lonely otters");
    await account.page.locator(".notice").getByText("Your new password is saved.").waitFor();
    expect(account.backend.saved[0]?.flow).toBe("after-recovery");
  });

  it("asks for a fresh sign-in where neither is recent", async () => {
    account.backend.session = signedIn({ sessions: withKratos });
    account.backend.kratosFresh = false;
    account.backend.privileged = false;
    await account.open();
    await choose("seven lonely otters");
    const asked = account.page.getByRole("dialog", { name: "Confirm it's you" });
    await asked.getByRole("button", { name: "Cancel" }).click();
    expect(await account.page.getByLabel("New password").inputValue()).toBe("seven lonely otters");
    expect(account.backend.saved).toEqual([]);
  });

  it("opens by itself for a flow Kratos sent the person here with, and starts anew when it is over", async () => {
    account.backend.session = signedIn({ sessions: withKratos });
    await account.open("?flow=from-recovery");
    await account.page.getByLabel("New password").fill("seven lonely otters");
    await account.button("Save the new password").click();
    await account.page.locator(".notice").getByText("Your new password is saved.").waitFor();
    expect(account.backend.saved[0]?.flow).toBe("from-recovery");
    expect(new URL(account.page.url()).search).toBe("");
    await account.open("?flow=expired");
    await account.page.getByLabel("New password").fill("eight lonely otters");
    await account.button("Save the new password").click();
    await account.page.locator(".notice").getByText("Your new password is saved.").waitFor();
    expect(account.backend.saved[1]?.password).toBe("eight lonely otters");
  });

  it("keeps what was typed when Kratos is away", async () => {
    account.backend.session = signedIn({ sessions: withKratos });
    account.backend.away.add("kratos");
    await account.open();
    await choose("seven lonely otters");
    await account.text("We can't check this right now. Please try again in a moment.").waitFor();
    expect(await account.page.getByLabel("New password").inputValue()).toBe("seven lonely otters");
  });
});
