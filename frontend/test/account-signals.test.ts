import { describe, expect, it } from "vitest";
import { signedIn } from "./support/account-bodies.ts";
import { provideAccount, threePasskeys } from "./support/account-world.ts";
import { type Heard, listen } from "./support/signals.ts";

const account = provideAccount();
const USER = Buffer.from("handle").toString("base64url");
const accepted = (ids: readonly string[]): Heard => ({
  signal: "signalAllAcceptedCredentials",
  options: { rpId: "localhost", userId: USER, allAcceptedCredentialIds: ids },
});
const details = (name: string, displayName: string): Heard => ({
  signal: "signalCurrentUserDetails",
  options: { rpId: "localhost", userId: USER, name, displayName },
});

describe("the browser is told (Signal API)", { timeout: 60_000 }, () => {
  it("of the accepted passkeys and the account's names with the list, and after a removal", async () => {
    const heard = await listen(account.page);
    account.backend.passkeys = threePasskeys();
    await account.open();
    await expect.poll(() => heard).toContainEqual(accepted(["one", "two", "key"]));
    await expect.poll(() => heard).toContainEqual(details("ada@example.com", "Ada"));
    await account.button("Remove “Blue key”").click();
    await account.dialog().getByRole("button", { name: "Remove", exact: true }).click();
    await expect.poll(() => heard).toContainEqual(accepted(["one", "two"]));
  });

  it("of a new passkey", async () => {
    const heard = await listen(account.page);
    await account.open();
    await expect.poll(() => heard).toContainEqual(accepted([]));
    await account.button("Create a passkey").click();
    await account.text("“Passkey” is ready").waitFor();
    await expect.poll(() => heard).toContainEqual(accepted([account.backend.passkeys[0]?.id ?? ""]));
  });

  it("of another address or name of the account", async () => {
    const heard = await listen(account.page);
    await account.open();
    await expect.poll(() => heard).toContainEqual(details("ada@example.com", "Ada"));
    account.backend.session = signedIn({ identity: { ...signedIn().identity, email: "new@example.com", name: null } });
    await account.page.evaluate(() => window.dispatchEvent(new Event("online")));
    await expect.poll(() => heard).toContainEqual(details("new@example.com", "new@example.com"));
  });

  it("or not, where it does not know the signals", async () => {
    await account.page.addInitScript(() => {
      for (const signal of ["signalAllAcceptedCredentials", "signalCurrentUserDetails", "signalUnknownCredential"]) {
        Object.assign(PublicKeyCredential, { [signal]: undefined });
      }
    });
    account.backend.passkeys = threePasskeys();
    await account.open();
    await account.page.getByRole("heading", { name: "Phone" }).waitFor();
  });
});
