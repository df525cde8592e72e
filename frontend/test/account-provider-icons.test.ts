import { describe, expect, it } from "vitest";
import { passkey } from "./support/account-bodies.ts";
import { provideAccount, threePasskeys } from "./support/account-world.ts";
import { provider } from "./support/provider-icons.ts";

const account = provideAccount();
const APPLE = "fbfc3007-154e-4ecc-8c0b-6e020557d7bd";
const ONE_PASSWORD = "bada5566-a7aa-401f-bd96-45619a55120d";

describe("a passkey's picture", { timeout: 60_000 }, () => {
  const shown = () =>
    account.page.locator("#passkeys .entry__icon").evaluateAll((images) =>
      images.map((image) => {
        const { currentSrc, naturalWidth } = image as HTMLImageElement;
        return naturalWidth > 0 ? new URL(currentSrc).pathname : "broken";
      }),
    );

  it("is its provider's, in light and dark, and our own where nobody is known", async () => {
    const known = passkey({ id: "1p", name: "Vault", provider: provider(ONE_PASSWORD) });
    account.backend.passkeys = [...threePasskeys(), known, passkey({ id: "zero", name: "Somewhere" })];
    await account.open();
    const path = (scheme: string) =>
      [APPLE, APPLE, ONE_PASSWORD].map((id) => `/passbridge/providers/${id}-${scheme}.svg`);
    await account.page.emulateMedia({ colorScheme: "light" });
    await expect.poll(shown).toEqual(path("light"));
    await account.page.emulateMedia({ colorScheme: "dark" });
    await expect.poll(shown).toEqual(path("dark"));
    expect(await account.page.locator("#passkeys .entry__mark > .icon").count()).toBe(2);
    await account.look("icons");
  });

  it("is our own as well where the icon cannot be loaded", async () => {
    await account.page.route("**/providers/*", (route) => route.abort());
    account.backend.passkeys = [passkey({ provider: provider(ONE_PASSWORD) })];
    await account.open();
    await account.page.locator("#passkeys .entry__mark > .icon").waitFor();
    expect(await account.page.locator("#passkeys .entry__icon").count()).toBe(0);
  });
});

describe("advice", { timeout: 60_000 }, () => {
  it("is to add a second where one device holds the only passkey", async () => {
    account.backend.passkeys = [passkey({ device_type: "single_device", backed_up: false })];
    await account.open();
    await account.text("Add a second one, so that losing it does not lock you out.").waitFor();
    await account.look("advice-second");
    account.backend.passkeys = [passkey(), passkey({ device_type: "single_device", backed_up: false })];
    await account.page.reload();
    await account.page.getByRole("list", { name: "Your passkeys" }).waitFor();
    expect(await account.text("Add a second one").count()).toBe(0);
  });

  it("names the passkey whose backup is off", async () => {
    account.backend.passkeys = [passkey({ name: "Phone", backed_up: false }), passkey({ name: "Laptop" })];
    await account.open();
    await account.text("“Phone” is not backed up.").waitFor();
    await account.text("It could be synced, but its backup is off.").waitFor();
    expect(await account.text("“Laptop” is not backed up.").count()).toBe(0);
    await account.look("advice-backup");
  });
});
