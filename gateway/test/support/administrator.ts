import { expect } from "vitest";
import { createIdentityRoles } from "../../src/kratos/identity-roles.ts";
import { createOryKratosClient } from "../../src/kratos/ory-kratos-client.ts";
import { createBrowser, type TestBrowser } from "./browser.ts";
import { createPasskeyFor, signInWithPasskey } from "./passkey-steps.ts";
import { login, type PasskeyWorld, register } from "./passkey-world.ts";
import { createPerson, signUp } from "./people.ts";
import type { RunningGateway } from "./start-gateway.ts";

/** Someone with the role admin, and the browser they are signed in with by passkey. */
export async function signInAdministrator(world: PasskeyWorld) {
  const person = world.people.add({ roles: ["admin"] });
  const authenticator = world.authenticator();
  expect(await register(world.browser(person), authenticator)).toMatchObject({ status: 201 });
  const browser = world.browser();
  expect(await login(browser, authenticator)).toMatchObject({ status: 200, body: { aal: "aal2" } });
  return { person, browser, authenticator };
}

/** The same with the real Kratos: signed up with a password, given the role, and signed in by passkey. */
export async function signUpAdministrator({ origin, config }: RunningGateway) {
  const person = createPerson("admin");
  const byPassword = createBrowser(origin);
  await signUp(byPassword, person);
  const authenticator = await createPasskeyFor(byPassword);
  const kratos = createOryKratosClient(config.kratos);
  expect(await createIdentityRoles({ config: config.kratos, kratos }).grant(person.email, "admin")).toBe(true);
  const browser = createBrowser(origin);
  await signInWithPasskey(browser, authenticator);
  return { person, browser, byPassword, authenticator };
}

/** Changes the policy as an administrator does. */
export async function setPolicy(administrator: TestBrowser, changes: object): Promise<void> {
  const answer = await administrator.fetch("/api/admin/policy", { method: "PUT", json: changes });
  expect(answer.status).toBe(200);
}
