import { beforeEach, expect, test } from "vitest";
import { addAuthenticator } from "./support/authenticator.ts";
import { picture } from "./support/browser.ts";
import { passkey, problem, registrationCeremony, session } from "./support/gateway-bodies.ts";
import { providePages } from "./support/pages.ts";

const it = providePages();
const SIGN_IN = "POST /api/auth/recovery-code";
const heading = (name: string) => it.page.getByRole("heading", { name }).waitFor();
const press = (name: string) => it.page.getByRole("button", { name, exact: true }).click();
const sent = () => it.server.seen.filter(({ path }) => path === "/api/auth/recovery-code").map(({ body }) => body);

const signedIn = { ...session(), auth_method: "recovery_code", methods: ["recovery_code"], aal: "aal1", amr: ["otp"] };

beforeEach(() => {
  it.server.on(SIGN_IN, () => {
    it.server.on("GET /api/auth/session", { body: signedIn });
    return { body: signedIn };
  });
  it.server.on("GET /api/passkeys", {
    body: { passkeys: [passkey("old", "Old phone")], max: 20, user_handle: "aGFuZGxl", rp_id: "localhost" },
  });
  it.server.on("DELETE /api/passkeys/old", { status: 204 });
  it.server.on("DELETE /api/auth/sessions", { body: { revoked: 1 } });
  it.server.on("GET /api/recovery-codes", { body: { remaining: 9, created_at: "2026-03-04T12:00:00Z" } });
});

async function enter(code: string): Promise<void> {
  await it.page.getByLabel("E-mail").fill("ann@example.com");
  await it.page.getByLabel("Recovery code").fill(code);
  await press("Sign in");
}

test("from recovery by mail: a code, a passkey, the lost one, other sessions, and what is left", async () => {
  await addAuthenticator(it.page);
  it.server.on("POST /api/passkeys/register/start", { body: registrationCeremony() });
  it.server.on("POST /api/passkeys/register/finish", { status: 201, body: { passkey: passkey("new", "Phone") } });
  await it.open("/recover?return_to=%2Freports");
  await it.page.getByRole("link", { name: "Use a recovery code" }).click();
  await heading("Use a recovery code");
  await picture(it.page, "recovery-code");
  await enter(" K7FM2 9XQPD ");
  await heading("Sign in faster next time");
  await it.page.getByText("You are in. That code is used up now.").waitFor();
  await picture(it.page, "recovery-code-passkey");
  expect(sent()).toEqual([{ email: "ann@example.com", code: "K7FM2 9XQPD" }]);
  await press("Create a passkey");
  await it.page.getByLabel("Old phone").check();
  await press("Remove the chosen passkeys");
  await press("End other sessions");
  await heading("Keep a way back in");
  await it.page.getByText("9 of 10 codes left, made on Mar 4, 2026.").waitFor();
  await picture(it.page, "recovery-code-left");
  await press("Continue");
  await it.page.waitForURL("**/reports");
});

test("what is wrong with the form is told at its fields, and nothing is sent", async () => {
  await it.open("/recover/recovery-code");
  await press("Sign in");
  await expect.poll(() => it.page.getByText("Please fill this in.").count()).toBe(2);
  await enter("k7fm2");
  await it.page.getByText("A recovery code has ten letters and digits.").waitFor();
  await it.page.waitForFunction(() => document.activeElement?.getAttribute("name") === "recovery-code");
  await picture(it.page, "recovery-code-incomplete");
  expect(sent()).toEqual([]);
});

test("a refusal tells neither what was wrong nor whether there is an account, and keeps what was typed", async () => {
  it.server.on(SIGN_IN, problem(401, "recovery_failed"));
  await it.open("/recover/recovery-code");
  await enter("k7fm2-9xqpd");
  await it.page.getByText("The e-mail or the code is not right, or the code was used before.").waitFor();
  await picture(it.page, "recovery-code-refused");
  expect(await it.page.getByLabel("Recovery code").inputValue()).toBe("k7fm2-9xqpd");
});

test("too many tries are counted down, and an outage is told as one", async () => {
  it.server.on(SIGN_IN, problem(429, "rate_limited", { "Retry-After": "700" }));
  await it.open("/recover/recovery-code");
  await enter("k7fm2-9xqpd");
  await it.page.getByText("Too many tries. Please wait").first().waitFor();
  await picture(it.page, "recovery-code-limited");
  it.server.on(SIGN_IN, problem(503, "dependency_unavailable"));
  await press("Sign in");
  await it.page.getByText("We can't check this right now.").waitFor();
});

test("a double click sends one code", async () => {
  const { promise: after, resolve: release } = Promise.withResolvers<void>();
  it.server.on(SIGN_IN, { body: signedIn, after });
  await it.open("/recover/recovery-code");
  await it.page.getByLabel("E-mail").fill("ann@example.com");
  await it.page.getByLabel("Recovery code").fill("k7fm2-9xqpd");
  await it.page.getByRole("button", { name: "Sign in", exact: true }).dblclick();
  await it.page.getByRole("button", { name: "Checking…" }).waitFor();
  await picture(it.page, "recovery-code-busy");
  release();
  await heading("Sign in faster next time");
  expect(sent()).toHaveLength(1);
});
