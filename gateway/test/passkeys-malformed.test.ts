import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestBrowser } from "./support/browser.ts";
import {
  answerOf,
  createPasskeyWorld,
  login,
  type PasskeyWorld,
  problem,
  register,
  startLogin,
  startRegistration,
} from "./support/passkey-world.ts";

const bytes = (length: number) => randomBytes(length).toString("base64url");

let world: PasskeyWorld;
beforeAll(async () => {
  world = await createPasskeyWorld();
});
afterAll(() => world.stop());

/** Changes a finish's body as text: what JSON can say and JSON.stringify would not. */
type Rewrite = (json: string) => string;
const member =
  (name: string, value: string): Rewrite =>
  (json) =>
    json.replace(new RegExp(`"${name}":("[^"]*"|\\[[^\\]]*\\]|\\{\\})`), `"${name}":${value}`);
const beside =
  (name: string, more: string): Rewrite =>
  (json) =>
    json.replace(`"${name}":`, `${more},"${name}":`);

const EITHER: Readonly<Record<string, Rewrite>> = {
  "an id over 1,023 bytes": (json) => {
    const id = `"${bytes(1_024)}"`;
    return member("rawId", id)(member("id", id)(json));
  },
  "an id that is a number": member("id", "7"),
  "an id with padding": (json) => member("rawId", '"QQ=="')(member("id", '"QQ=="')(json)),
  "a raw id that differs": member("rawId", `"${bytes(32)}"`),
  "another type": member("type", '"password"'),
  "a type that is a list": member("type", '["public-key"]'),
  "client data over 4 KiB": member("clientDataJSON", `"${bytes(4_097)}"`),
  "client data that are an object": member("clientDataJSON", "{}"),
  "client data that are no base64url": member("clientDataJSON", '"not base64url"'),
  "extension results that are text": member("clientExtensionResults", '"x"'),
  "a prototype": beside("clientDataJSON", '"__proto__":{"admin":true}'),
  "a constructor": beside("type", '"constructor":{"prototype":{"admin":true}}'),
  "a prototype in the extension results": member("clientExtensionResults", '{"x":{"__proto__":{}}}'),
  "a credential that is a list": (json) => json.replace(/"credential":\{.*\}/, '"credential":[]}'),
  "a credential that is null": (json) => json.replace(/"credential":\{.*\}/, '"credential":null}'),
  "thousands of nested lists": beside("type", `"more":${"[".repeat(5_000)}${"]".repeat(5_000)}`),
};

const REGISTRATION: Readonly<Record<string, Rewrite>> = {
  "an attestation over 32 KiB": member("attestationObject", `"${bytes(32_769)}"`),
  "an attestation that is null": member("attestationObject", "null"),
  "transports that are text": member("transports", '"usb"'),
  "a transport that is a number": member("transports", '["usb",7]'),
  "a transport that is markup": member("transports", '["<script>"]'),
  "a transport of 33 letters": member("transports", `["${"x".repeat(33)}"]`),
  "17 transports": member("transports", JSON.stringify(Array.from({ length: 17 }, (_, index) => `t${index}`))),
  "a transport with a control character": member("transports", '["usb\\u0000"]'),
};

const SIGN_IN: Readonly<Record<string, Rewrite>> = {
  "a signature over 1 KiB": member("signature", `"${bytes(1_025)}"`),
  "a signature that is a list": member("signature", "[1,2]"),
  "authenticator data over 4 KiB": member("authenticatorData", `"${bytes(4_097)}"`),
  "a user handle over 64 bytes": member("userHandle", `"${bytes(65)}"`),
  "a user handle that is a number": member("userHandle", "0"),
};

/** Members that are there twice: refused before a ceremony is looked for, so that one is not spent. */
const TWICE: Readonly<Record<string, Rewrite>> = {
  "the ceremony's id twice": beside("ceremony_id", `"ceremony_id":"${bytes(32)}"`),
  "the credential twice": beside("credential", '"credential":{}'),
  "the id twice": beside("id", `"id":"${bytes(32)}"`),
  "the client data twice, once in other spelling": beside("clientDataJSON", `"client\\u0044ataJSON":"${bytes(8)}"`),
};

async function send(browser: TestBrowser, path: string, body: string) {
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const headers = { "content-type": "application/json", origin: browser.origin, cookie };
  return answerOf(fetch(new URL(path, browser.origin), { method: "POST", headers, body }));
}

const refused = { ...problem(400, "invalid_request"), cookies: [] };

async function finishes(ceremony: "register" | "login", rewrite: Rewrite) {
  const person = world.people.add();
  const browser = world.browser(person);
  const authenticator = world.authenticator();
  if (ceremony === "login") await register(browser, authenticator);
  const begun = ceremony === "login" ? await startLogin(browser) : await startRegistration(browser);
  const credential =
    "user" in begun.options ? authenticator.register(begun.options) : authenticator.authenticate(begun.options);
  const genuine = JSON.stringify({ ceremony_id: begun.ceremony_id, credential });
  const changed = rewrite(genuine);
  expect(changed).not.toBe(genuine);
  const path = `/api/passkeys/${ceremony}/finish`;
  return { first: await send(browser, path, changed), second: await send(browser, path, genuine) };
}

describe.each([
  ["register", { ...EITHER, ...REGISTRATION }],
  ["login", { ...EITHER, ...SIGN_IN }],
] as const)("a finish of %s with", (ceremony, table) => {
  test.each(Object.entries(table))("%s is refused with 400, and spends its challenge", async (_what, rewrite) => {
    const { first, second } = await finishes(ceremony, rewrite);
    expect(first).toMatchObject(refused);
    expect(second).toMatchObject(problem(400, "challenge_invalid"));
  });

  test.each(Object.entries(TWICE))("%s is refused with 400", async (_what, rewrite) => {
    const { first, second } = await finishes(ceremony, rewrite);
    expect(first).toMatchObject(refused);
    expect(second.status).toBe(ceremony === "login" ? 200 : 201);
  });
});

describe("a credential id", () => {
  test("of 1,023 bytes is registered, signs in, is renamed and removed", async () => {
    const browser = world.browser(world.people.add());
    const authenticator = world.authenticator({ credentialId: randomBytes(1_023) });
    expect(await register(browser, authenticator)).toMatchObject({ status: 201 });
    expect(await login(world.browser(), authenticator)).toMatchObject({ status: 200 });
    const { options } = await startRegistration(browser);
    expect(options.excludeCredentials).toMatchObject([{ id: authenticator.credentialId }]);
    const path = `/api/passkeys/${authenticator.credentialId}`;
    expect((await browser.fetch(path, { method: "PATCH", json: { name: "Long" } })).status).toBe(200);
    expect((await browser.fetch(path, { method: "DELETE" })).status).toBe(204);
  });

  test("of 1,024 bytes is refused", async () => {
    const person = world.people.add();
    const authenticator = world.authenticator({ credentialId: randomBytes(1_024) });
    expect(await register(world.browser(person), authenticator)).toMatchObject(refused);
    expect(await world.credentials.countOf(person.identity.id)).toBe(0);
  });

  test("of one byte is taken as it is", async () => {
    const authenticator = world.authenticator({ credentialId: randomBytes(1) });
    expect(await register(world.browser(world.people.add()), authenticator)).toMatchObject({ status: 201 });
    expect(await login(world.browser(), authenticator)).toMatchObject({ status: 200 });
  });
});
