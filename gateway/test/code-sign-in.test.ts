import knex from "knex";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestStack, type TestStack } from "../../scripts/test-stack.ts";
import { signUpWithPasskey } from "./support/address-owner.ts";
import { createBrowser, type TestBrowser } from "./support/browser.ts";
import { signInWithPasskey } from "./support/passkey-steps.ts";
import { createPerson, signInByCode, signUp, submit } from "./support/people.ts";
import { createTestDatabase, type RunningGateway, startGateway } from "./support/start-gateway.ts";

let stack: TestStack;
let gateway: RunningGateway;
beforeAll(async () => {
  stack = await startTestStack({ codeSignIn: true });
  const env = { DATABASE_URL: await createTestDatabase(stack.databaseUrl), CODE_SIGN_IN: "true" };
  gateway = await startGateway({ stack, env });
});
afterAll(async () => {
  await gateway.stop();
  await stack.stop();
});

type FlowNodes = { readonly ui: { readonly nodes: readonly { group: string; attributes: { name?: string } }[] } };

const session = async (browser: TestBrowser) => (await browser.fetch("/api/auth/session")).json() as Promise<object>;

async function registered(): Promise<string> {
  const person = createPerson("code");
  await signUp(createBrowser(gateway.origin), person);
  return person.email;
}

/** Has Kratos know the person as one made before the schema named a code's address. */
async function forgetCodeCredential(email: string): Promise<number> {
  const kratos = new URL(stack.databaseUrl);
  kratos.pathname = "/kratos";
  const database = knex({ client: "pg", connection: kratos.href });
  const ofType = database("identity_credential_types").select("id").where({ name: "code" });
  const ofPerson = database("identities").select("id").whereRaw("traits->>'email' = ?", email);
  const gone = await database("identity_credentials")
    .whereIn("identity_credential_type_id", ofType)
    .whereIn("identity_id", ofPerson)
    .delete();
  await database.destroy();
  return gone;
}

it("signs in with a code by e-mail: the session says so, and the address counts as confirmed", async () => {
  const email = await registered();
  const browser = createBrowser(gateway.origin);
  await signInByCode(browser, email, stack.mail);
  expect(await session(browser)).toMatchObject({
    authenticated: true,
    auth_method: "code",
    methods: ["code"],
    aal: "aal1",
    amr: ["otp"],
    identity: { email, email_verified: true },
    sessions: { passkey: null, password: { id: expect.any(String) } },
  });
});

it("signs in those whose account is older than the method", async () => {
  const email = await registered();
  expect(await forgetCodeCredential(email)).toBe(1);
  const browser = createBrowser(gateway.origin);
  await signInByCode(browser, email, stack.mail);
  expect(await session(browser)).toMatchObject({ auth_method: "code", identity: { email } });
});

it("a wrong code signs nobody in", async () => {
  const browser = createBrowser(gateway.origin);
  const email = await registered();
  const wrong = signInByCode(browser, email, {
    ...stack.mail,
    waitFor: async (...asked) => {
      const mail = await stack.mail.waitFor(...asked);
      return { ...mail, text: mail.text.replace(/\d{6}/, (code) => String((Number(code) + 1) % 1e6).padStart(6, "0")) };
    },
  });
  await expect(wrong).rejects.toThrow("4010008");
  expect(await session(browser)).toEqual({ authenticated: false });
});

it("tells the pages", async () => {
  const settings = await createBrowser(gateway.origin).fetch("/.passbridge/config.json");
  expect(await settings.json()).toMatchObject({ code_sign_in: true });
});

it("leaves the fields of the sign-up as they are", async () => {
  const answer = await createBrowser(gateway.origin).fetch("/.ory/kratos/self-service/registration/browser");
  const { ui } = (await answer.json()) as FlowNodes;
  const fields = ui.nodes.filter(({ group }) => group === "default" || group === "password");
  const names = fields.map(({ attributes }) => attributes.name).filter((name) => name?.startsWith("traits."));
  expect(names).toEqual(["traits.email", "traits.name"]);
});

it("is off unless it is turned on", async () => {
  const plain = await startGateway({ env: { DATABASE_URL: await createTestDatabase() } });
  const browser = createBrowser(plain.origin);
  const person = createPerson("code");
  await signUp(browser, person);
  const other = createBrowser(plain.origin);
  const answer = await submit(other, "login", { method: "code", identifier: person.email });
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain("4010002");
  expect(await (await other.fetch("/.passbridge/config.json")).json()).toMatchObject({ code_sign_in: false });
  await plain.stop();
});

it("proves the address: what somebody else set up before is gone", async () => {
  const { email } = createPerson("victim");
  const attacker = createBrowser(gateway.origin);
  const { authenticator } = await signUpWithPasskey(attacker, email);
  const owner = createBrowser(gateway.origin);
  await signInByCode(owner, email, stack.mail);
  expect(await session(owner)).toMatchObject({ authenticated: true, identity: { email, email_verified: true } });
  expect((await signInWithPasskey(createBrowser(gateway.origin), authenticator)).status).toBe(404);
  expect(await session(attacker)).toEqual({ authenticated: false });
});
