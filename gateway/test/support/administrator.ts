import { expect } from "vitest";
import type { TestBrowser } from "./browser.ts";
import { login, type PasskeyWorld, register } from "./passkey-world.ts";

/** Someone with the role admin, and the browser they are signed in with by passkey. */
export async function signInAdministrator(world: PasskeyWorld) {
  const person = world.people.add({ roles: ["admin"] });
  const authenticator = world.authenticator();
  expect(await register(world.browser(person), authenticator)).toMatchObject({ status: 201 });
  const browser = world.browser();
  expect(await login(browser, authenticator)).toMatchObject({ status: 200, body: { aal: "aal2" } });
  return { person, browser, authenticator };
}

/** Changes the policy as an administrator does. */
export async function setPolicy(administrator: TestBrowser, changes: object): Promise<void> {
  const answer = await administrator.fetch("/api/admin/policy", { method: "PUT", json: changes });
  expect(answer.status).toBe(200);
}
