import { describe, expect, it } from "vitest";
import { signedIn } from "./support/account-bodies.ts";
import { provideAccount, threePasskeys } from "./support/account-world.ts";

const account = provideAccount();

describe("the account page", { timeout: 60_000 }, () => {
  it("shows the e-mail, and the way to confirm it", async () => {
    await account.open();
    await account.text("Confirmed").waitFor();
    const unverified = { ...signedIn().identity, email_verified: false };
    account.backend.session = signedIn({ identity: unverified });
    await account.page.reload();
    await account.text("Not confirmed yet").waitFor();
    await account.look("unverified");
    await account.page.getByRole("link", { name: "Verify now" }).click();
    await account.page.waitForURL(/\/verify\?return_to=%2Faccount$/);
  });

  it("signs out, and says when that does not work", async () => {
    await account.open();
    account.backend.away.add("logout");
    await account.button("Sign out").click();
    await account.text("We can't check this right now. Please try again in a moment.").waitFor();
    account.backend.away.clear();
    const loaded: string[] = [];
    account.page.on("request", (request) => {
      const { pathname, search } = new URL(request.url());
      if (request.isNavigationRequest()) loaded.push(pathname + search);
    });
    await account.button("Sign out").click();
    await account.page.waitForURL(/\/login$/);
    expect(loaded).toEqual(["/login"]);
    expect(account.backend.session).toEqual({ authenticated: false });
  });

  it("sends somebody who is signed out to sign-in and back here, with the flow", async () => {
    account.backend.session = { authenticated: false };
    await account.page.goto(`${account.backend.origin}/account?flow=abc`);
    await account.page.waitForURL(/\/login\?/);
    expect(new URL(account.page.url()).searchParams.get("return_to")).toBe("/account?flow=abc");
  });

  it("says when the session can't be checked, before and after it was known", async () => {
    account.backend.away.add("session");
    await account.page.goto(`${account.backend.origin}/account`);
    await account.text("We can't check this right now. Trying again…").waitFor();
    await account.look("unknown");
    account.backend.away.clear();
    await account.page.getByRole("heading", { name: "Passkeys" }).waitFor();
    account.backend.away.add("session");
    await account.page.evaluate(() => window.dispatchEvent(new Event("online")));
    await account.text("You are still signed in. Trying again…").waitFor();
    await account.look("stale");
  });

  it("says when the browser is offline, and keeps what is shown", async () => {
    account.backend.passkeys = threePasskeys();
    await account.open();
    await account.page.getByRole("heading", { name: "Phone" }).waitFor();
    await account.page.context().setOffline(true);
    await account.text("You are offline.").waitFor();
    await account.button("Rename “Phone”").click();
    await account.nameField().fill("Pocket");
    await account.button("Save").click();
    await account.text("We can't reach the server.").waitFor();
    await account.look("offline");
    await account.page.context().setOffline(false);
    await account.button("Save").click();
    await account.page.getByRole("heading", { name: "Pocket" }).waitFor();
  });
});
