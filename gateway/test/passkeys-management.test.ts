import { afterAll, beforeAll, expect, test } from "vitest";
import {
  answerOf,
  createPasskeyWorld,
  login,
  type PasskeyWorld,
  personWithPasskey,
  problem,
  register,
} from "./support/passkey-world.ts";

let world: PasskeyWorld;
beforeAll(async () => {
  world = await createPasskeyWorld();
});
afterAll(() => world.stop());

test("are renamed by their owner alone", async () => {
  const { authenticator, browser } = await personWithPasskey(world);
  const path = `/api/passkeys/${authenticator.credentialId}`;
  const rename = (by: typeof browser, name: unknown) => answerOf(by.fetch(path, { method: "PATCH", json: { name } }));
  expect(await rename(browser, "Laptop")).toMatchObject({ status: 200, body: { passkey: { name: "Laptop" } } });
  expect(await rename(browser, "")).toMatchObject(problem(400, "invalid_request"));
  expect(await rename(world.browser(world.people.add()), "x")).toMatchObject(problem(404, "not_found"));
  expect(await rename(world.browser(), "x")).toMatchObject(problem(401, "unauthenticated"));
  const odd = await answerOf(browser.fetch("/api/passkeys/a%20b", { method: "PATCH", json: { name: "x" } }));
  expect(odd).toMatchObject(problem(404, "not_found"));
});

test("are deleted by their owner alone, who signed in recently", async () => {
  const { authenticator, browser, person } = await personWithPasskey(world);
  const remove = (by: typeof browser) =>
    answerOf(by.fetch(`/api/passkeys/${authenticator.credentialId}`, { method: "DELETE" }));
  expect(await remove(world.browser(world.people.add()))).toMatchObject(problem(404, "not_found"));
  person.authenticatedAt = new Date(Date.now() - 3_600_000);
  expect(await remove(browser)).toMatchObject(problem(403, "reauthentication_required"));
  person.authenticatedAt = new Date();
  expect(await remove(browser)).toMatchObject({ status: 204 });
  expect(await remove(browser)).toMatchObject(problem(404, "not_found"));
  expect(await login(world.browser(), authenticator)).toMatchObject(problem(404, "credential_unknown"));
});

test("the last one stays where there is no password", async () => {
  const { authenticator, browser, person } = await personWithPasskey(world);
  person.hasPassword = false;
  const second = world.authenticator();
  await register(browser, second);
  const remove = (id: string) => answerOf(browser.fetch(`/api/passkeys/${id}`, { method: "DELETE" }));
  const answers = await Promise.all([remove(authenticator.credentialId), remove(second.credentialId)]);
  expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 409]);
  expect(answers.find(({ status }) => status === 409)).toMatchObject(problem(409, "last_sign_in_method"));
  expect(await world.credentials.countOf(person.identity.id)).toBe(1);
});

test("the last one goes where a code by e-mail is a way in, and stays where it only recovers", async () => {
  const codes = await createPasskeyWorld({ env: { CODE_SIGN_IN: "true" } });
  try {
    for (const [there, status] of [
      [world, 409],
      [codes, 204],
    ] as const) {
      const { authenticator, browser, person } = await personWithPasskey(there);
      person.hasPassword = false;
      person.hasCode = true;
      const path = `/api/passkeys/${authenticator.credentialId}`;
      expect(await answerOf(browser.fetch(path, { method: "DELETE" }))).toMatchObject({ status });
    }
  } finally {
    await codes.stop();
  }
});

test("nobody's are shown to nobody", async () => {
  for (const path of ["/api/passkeys", "/api/passkeys/available"]) {
    expect(await answerOf(world.browser().fetch(path))).toMatchObject(problem(401, "unauthenticated"));
  }
});

test("anyone may ask for the relying party", async () => {
  expect((await answerOf(world.browser().fetch("/api/passkeys/check"))).body).toEqual({
    rp_id: "localhost",
    rp_name: "Passbridge",
    enabled: true,
    origins: [world.gateway.origin],
  });
});
