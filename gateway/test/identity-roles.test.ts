import { Configuration, IdentityApi } from "@ory/client";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { createIdentityRoles, type IdentityRoles } from "../src/kratos/identity-roles.ts";
import { createOryKratosClient } from "../src/kratos/ory-kratos-client.ts";
import { ADMIN_ROLE } from "../src/policy/admin-role.ts";
import { createBrowser } from "./support/browser.ts";
import { createPasskeyFor, signInWithPasskey } from "./support/passkey-steps.ts";
import { createPerson, signUp } from "./support/people.ts";
import { createTestDatabase, type RunningGateway, startGateway } from "./support/start-gateway.ts";

let gateway: RunningGateway;
let roles: IdentityRoles;
beforeAll(async () => {
  gateway = await startGateway({
    env: { DATABASE_URL: await createTestDatabase(), KRATOS_SESSION_CACHE_TTL: "0", IDENTITY_CACHE_TTL: "0" },
  });
  const config = gateway.config.kratos;
  roles = createIdentityRoles({ config, kratos: createOryKratosClient(config), pageSize: 2 });
});
afterAll(() => gateway.stop());

it("makes an administrator, who acts with two factors, until it is taken away", async () => {
  const browser = createBrowser(gateway.origin);
  const person = createPerson("admin");
  await signUp(browser, person);
  const status = async () => (await browser.fetch("/api/admin/policy")).status;
  const code = async () => ((await (await browser.fetch("/api/admin/policy")).json()) as { code: string }).code;
  expect(await code()).toBe("forbidden");

  expect(await roles.grant(person.email, ADMIN_ROLE)).toBe(true);
  expect(await code()).toBe("aal2_required");
  expect(await (await browser.fetch("/api/auth/session")).json()).toMatchObject({ identity: { roles: ["admin"] } });
  await signInWithPasskey(browser, await createPasskeyFor(browser));
  expect(await status()).toBe(200);
  const show = async (user: string) => (await browser.fetch(`/api/passkeys/user/${encodeURIComponent(user)}`)).status;
  expect(await show(person.email.toUpperCase())).toBe(200);
  for (const nobody of [createPerson().email, "%@example.com", "' OR 1=1 --@"]) {
    expect(await show(nobody)).toBe(404);
  }

  expect(await roles.revoke(person.email, ADMIN_ROLE)).toBe(true);
  expect(await code()).toBe("forbidden");
});

it("finds all who have a role, over as many pages as there are", async () => {
  const { kratosAdminUrl } = inject("stack");
  const identities = new IdentityApi(new Configuration({ basePath: kratosAdminUrl }));
  const people = Array.from({ length: 7 }, () => createPerson());
  for (const { email } of people) {
    await identities.createIdentity({ createIdentityBody: { schema_id: "default", traits: { email } } });
  }
  const role = `role-${people[0]?.email}`;
  const holders = [people[0], people[3], people[6]].flatMap((person) => person?.email ?? []);
  for (const email of holders) expect(await roles.grant(email, role)).toBe(true);
  expect((await roles.holdersOf(role)).toSorted()).toEqual(holders.toSorted());
});
