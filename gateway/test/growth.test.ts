import { expect, it } from "vitest";
import { createBrowser } from "./support/browser.ts";
import { createPasskeyFor, signInWithPasskey } from "./support/passkey-steps.ts";
import { createPerson, signUp } from "./support/people.ts";
import { createTestDatabase, startGateway } from "./support/start-gateway.ts";
import { addStrangers, tableScans } from "./support/table-growth.ts";

it("reads large tables by their indexes alone: list, sign-in, adding and removing", async () => {
  const databaseUrl = await createTestDatabase();
  await addStrangers(databaseUrl, 20_000);
  const before = await tableScans(databaseUrl);

  const gateway = await startGateway({ env: { DATABASE_URL: databaseUrl } });
  const browser = createBrowser(gateway.origin);
  await signUp(browser, createPerson());
  const first = await createPasskeyFor(browser);
  const second = await createPasskeyFor(browser);
  expect((await signInWithPasskey(createBrowser(gateway.origin), first)).status).toBe(200);
  expect((await browser.fetch("/api/passkeys")).status).toBe(200);
  expect((await browser.fetch(`/api/passkeys/${second.credentialId}`, { method: "DELETE" })).status).toBe(204);
  // Each connection reports what it read when it ends.
  await gateway.stop();

  const after = await tableScans(databaseUrl);
  for (const table of ["credentials", "user_handles"]) {
    expect(after[table]?.seq, table).toBe(before[table]?.seq);
    expect(after[table]?.index, table).toBeGreaterThan(before[table]?.index ?? 0);
  }
});
