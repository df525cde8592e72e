import { expect, test } from "vitest";
import { addAuthenticator, closePrompts } from "./support/authenticator.ts";
import { picture } from "./support/browser.ts";
import { problem, registrationCeremony, session } from "./support/gateway-bodies.ts";
import { codeFlow, node, registrationFlow } from "./support/kratos-flows.ts";
import { providePages } from "./support/pages.ts";

const it = providePages();
const KRATOS = "/.ory/kratos/self-service";
const START = "POST /api/passkeys/signup/start";
const FINISH = "POST /api/passkeys/signup/finish";
const email = () => it.page.getByLabel("E-mail");
const password = () => it.page.getByLabel("Password", { exact: true });
const submit = () => it.page.getByRole("button", { name: "Create account", exact: true });
const bodyOf = (call: string) => it.server.seen.find(({ method, path }) => `${method} ${path}` === call)?.body;
const instead = () => it.page.getByRole("button", { name: "Use a passkey instead" });
const create = () => it.page.getByRole("button", { name: "Create account with a passkey" });

async function openWithPasskey(path = "/register"): Promise<void> {
  it.server.on(START, () => ({ body: registrationCeremony() }));
  await it.open(path);
  await email().fill("ann@example.com");
  await instead().click();
  await create().waitFor();
}

test("leads from the address by the device's prompt to the code, without another offer", async () => {
  await addAuthenticator(it.page);
  it.server.on(FINISH, { status: 201, headers: { Location: "/verify?flow=code-1" }, body: session() });
  it.server.on(`GET ${KRATOS}/verification/flows`, { body: { ...codeFlow({}), type: "api" } });
  await openWithPasskey("/register?return_to=%2Freports");
  expect(await password().count()).toBe(0);
  await picture(it.page, "register-passkey");
  await it.page.getByLabel("Name").fill("Ann");
  it.server.on("GET /api/auth/session", { body: session() });
  await create().click();
  await it.page.getByText("We sent a six-digit code to ann@example.com.").waitFor();
  expect(bodyOf(START)).toEqual({ email: "ann@example.com", name: "Ann" });
  expect(bodyOf(FINISH)).toMatchObject({ ceremony_id: expect.any(String), credential: { type: "public-key" } });
  expect(new URL(it.page.url()).searchParams.get("return_to")).toBe("/recovery-codes?return_to=%2Freports");
});

test("without a mail the way goes on all the same", async () => {
  await addAuthenticator(it.page);
  it.server.on(FINISH, { status: 201, body: session() });
  await openWithPasskey("/register?return_to=%2Freports");
  await create().click();
  await it.page.waitForURL("**/recovery-codes?return_to=%2Freports");
});

test("what is wrong is told at its field, before any prompt", async () => {
  await openWithPasskey();
  await email().fill("ann");
  await create().click();
  await it.page.getByText("This does not look like an e-mail address.").waitFor();
  expect(bodyOf(START)).toBeUndefined();
});

test("an address that has an account leads on to signing in", async () => {
  await addAuthenticator(it.page);
  it.server.on(FINISH, problem(409, "account_exists"));
  await openWithPasskey("/register?return_to=%2Freports");
  await create().click();
  await it.page.getByText("There is an account with this address already.").waitFor();
  await picture(it.page, "register-passkey-exists");
  await it.page.getByRole("alert").getByRole("link", { name: "Sign in" }).click();
  await it.page.waitForURL("**/login?return_to=%2Freports");
});

test("a closed prompt is told, and both ways stay open with what was typed", async () => {
  await closePrompts(it.page);
  await openWithPasskey();
  await create().click();
  await it.page.getByText("The passkey prompt was closed or timed out. You can try again.").waitFor();
  await picture(it.page, "register-passkey-cancelled");
  await it.page.getByRole("button", { name: "Use a password instead" }).click();
  await password().waitFor();
  expect(await email().inputValue()).toBe("ann@example.com");
});

test("is not offered where the schema needs more, or the browser can't", async () => {
  const more = [node("password", { name: "traits.city", type: "text", required: true }, "City")];
  it.server.on(`GET ${KRATOS}/registration/browser`, { body: registrationFlow({}, more) });
  await it.open("/register");
  await submit().waitFor();
  expect(await instead().count()).toBe(0);
  it.server.on(`GET ${KRATOS}/registration/browser`, { body: registrationFlow() });
  await it.page.addInitScript(() => Reflect.deleteProperty(window, "PublicKeyCredential"));
  await it.open("/register");
  await submit().waitFor();
  expect(await instead().count()).toBe(0);
});
