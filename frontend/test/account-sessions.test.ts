import { beforeEach, describe, expect, it } from "vitest";
import { listedSession, signedIn } from "./support/account-bodies.ts";
import { provideAccount } from "./support/account-world.ts";

const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
const SAFARI =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1";

const account = provideAccount();
const section = () => account.page.getByRole("region", { name: "Where you are signed in" });
const cards = () => section().getByRole("listitem");
const card = (browser: string) => cards().filter({ has: account.page.getByRole("heading", { name: browser }) });
const endOf = (browser: string) => card(browser).getByRole("button", { name: `Sign out ${browser}` });
const headingHasFocus = () =>
  account.page.waitForFunction(() => document.activeElement?.textContent === "Where you are signed in");

beforeEach(() => {
  account.backend.sessions = [
    listedSession({ id: "s1", current: true, user_agent: FIREFOX, ip: "2001:db8::7" }),
    listedSession({
      id: "p1",
      kind: "password",
      current: true,
      auth_method: "password",
      created_at: "2026-02-27T09:00:00Z",
    }),
    listedSession({ id: "fox", auth_method: "recovery_code", user_agent: FIREFOX, ip: "192.0.2.8" }),
    listedSession({ id: "phone", kind: "password", auth_method: "password", user_agent: SAFARI, ip: "198.51.100.23" }),
    listedSession({ id: "odd" }),
  ];
});

describe("where one is signed in", { timeout: 60_000 }, () => {
  it("is listed: this device first and once, then the others with how, from where and when", async () => {
    account.backend.session = signedIn({ methods: ["password", "passkey"] });
    await account.open();
    await card("Safari on iPhone").waitFor();
    expect(await cards().count()).toBe(4);
    const here = await cards().first().textContent();
    expect(here).toContain("This device");
    expect(here).toContain("Signed in with your password and with a passkey");
    expect(here).toContain("From 2001:db8::7");
    expect(here).toMatch(/First used .*27/);
    expect(here).toContain("In use now");
    const phone = await card("Safari on iPhone").textContent();
    expect(phone).toContain("Signed in with your password");
    expect(phone).toContain("From 198.51.100.23");
    expect(phone).toMatch(/First used .*2026/);
    expect(phone).toMatch(/Last used .*2026/);
    expect(await card("Firefox on Linux").textContent()).toContain("Signed in with a recovery code");
    expect(await card("Unknown browser").textContent()).not.toContain("From");
    expect(await section().getByText("This device").count()).toBe(1);
    await account.look("sessions");
  });

  it("asks before one is ended, says so, and takes focus to the heading", async () => {
    await account.open();
    await endOf("Safari on iPhone").click();
    await account.dialog().getByText("You stay signed in here.").waitFor();
    await account.look("session-ending");
    await account.button("Leave it").click();
    await account.dialog().waitFor({ state: "detached" });
    expect(account.backend.calls).not.toContain("DELETE /api/auth/sessions/phone");
    await endOf("Safari on iPhone").press("Enter");
    await account.dialog().getByRole("button", { name: "Sign out" }).press("Enter");
    await section().getByRole("status").getByText("Safari on iPhone is signed out.").waitFor();
    await headingHasFocus();
    expect(await card("Safari on iPhone").count()).toBe(0);
    expect(account.backend.sessions.map(({ id }) => id)).toEqual(["s1", "p1", "fox", "odd"]);
    await account.look("session-ended");
  });

  it("one that has ended meanwhile is gone as well; an outage is said in the question, which stays", async () => {
    await account.open();
    await endOf("Firefox on Linux").waitFor();
    account.backend.away.add("sessions");
    await endOf("Firefox on Linux").click();
    await account.dialog().getByRole("button", { name: "Sign out" }).click();
    await account.dialog().getByText("We can't check this right now. Please try again in a moment.").waitFor();
    await account.look("session-ending-away");
    account.backend.away.clear();
    account.backend.sessions = account.backend.sessions.filter(({ id }) => id !== "fox");
    await account.dialog().getByRole("button", { name: "Sign out" }).click();
    await account.text("Firefox on Linux is signed out.").waitFor();
    expect(await card("Firefox on Linux").count()).toBe(0);
  });

  it("ends everywhere else, and stays signed in here", async () => {
    await account.open();
    await card("Unknown browser").waitFor();
    await account.button("Sign out everywhere else").click();
    await account.dialog().getByText("You stay signed in here.").waitFor();
    account.backend.away.add("sessions");
    await account.dialog().getByRole("button", { name: "Sign out everywhere else" }).click();
    await account.dialog().getByText("We can't check this right now.").waitFor();
    await account.button("Cancel").click();
    await account.dialog().waitFor({ state: "hidden" });
    account.backend.away.clear();
    await account.button("Sign out everywhere else").click();
    expect(await account.dialog().getByText("We can't check this right now.").count()).toBe(0);
    await account.dialog().getByRole("button", { name: "Sign out everywhere else" }).click();
    await account.text("3 other sessions were ended.").waitFor();
    await headingHasFocus();
    await expect.poll(() => cards().count()).toBe(1);
    expect(account.backend.session.authenticated).toBe(true);
  });

  it("ends everywhere, and says before that this device is included", async () => {
    await account.open();
    await account.button("Sign out everywhere").click();
    await account.dialog().getByText("This device is included").waitFor();
    await account.look("sessions-everywhere");
    await account.button("Stay signed in").click();
    await account.dialog().waitFor({ state: "hidden" });
    await account.button("Sign out everywhere").click();
    await account.dialog().getByRole("button", { name: "Sign out everywhere" }).click();
    await account.page.waitForURL(/\/login$/);
    expect(account.backend.calls).toContain("POST /api/auth/logout");
    expect(account.backend.logouts).toEqual([{ everywhere: true }]);
  });

  it("the way out of this device does not wait for a list that can't be had, which comes by itself", async () => {
    account.backend.away.add("sessions");
    await account.open();
    await section().getByText("We can't show where else you are signed in right now.").waitFor();
    expect(await cards().count()).toBe(1);
    await account.look("sessions-away");
    account.backend.away.clear();
    await card("Safari on iPhone").waitFor();
    await account.button("Sign out").click();
    await account.page.waitForURL(/\/login$/);
    expect(account.backend.logouts).toEqual([{ everywhere: false }]);
  });

  it("has targets of 44 pixels, also on a small screen", async () => {
    await account.page.setViewportSize({ width: 360, height: 780 });
    await account.open();
    await card("Unknown browser").waitFor();
    for (const button of await section().getByRole("button").all()) {
      expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    }
  });
});
