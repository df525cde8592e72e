import { expect, it } from "vitest";
import { provideAccount, threePasskeys } from "./support/account-world.ts";

const account = provideAccount();
const focused = () => account.page.evaluate(() => document.activeElement?.textContent);

it("#password leads to the new password, whose section has the focus", async () => {
  account.backend.passkeys = threePasskeys();
  await account.open("#password");
  await expect.poll(focused).toBe("Password");
  await account.page.getByLabel("New password").waitFor();
  expect(await account.page.locator("#password").getByRole("heading").count()).toBe(1);
});

it("#passkeys leads to the passkeys, which come first", async () => {
  account.backend.passkeys = threePasskeys();
  await account.open("#passkeys");
  await expect.poll(focused).toBe("Passkeys");
  const sections = await account.page.getByRole("heading", { level: 2 }).allTextContents();
  expect(sections.slice(0, 2)).toEqual(["Passkeys", "Password"]);
});

it("an anchor outlasts the way over sign-in, and one that is nothing does no harm", async () => {
  await account.open("#nothing-of-ours");
  account.backend.session = { authenticated: false };
  await account.page.goto(`${account.backend.origin}/account?again#password`);
  await account.page.waitForURL(/\/login\?/);
  expect(new URL(account.page.url()).searchParams.get("return_to")).toBe("/account#password");
});
