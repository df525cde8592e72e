import { describe, expect, test } from "vitest";
import { addAuthenticator, closePrompts } from "./support/authenticator.ts";
import { picture } from "./support/browser.ts";
import { passkey, problem, promptedSession, registrationCeremony } from "./support/gateway-bodies.ts";
import { providePages } from "./support/pages.ts";

const it = providePages();
const create = () => it.page.getByRole("button", { name: "Create a passkey" });
const notNow = () => it.page.getByRole("button", { name: "Not now" });
const asked = (call: string) => it.server.seen.filter(({ method, path }) => `${method} ${path}` === call);

/** A device that makes a passkey, and a gateway that takes it. */
async function passkeysWork(): Promise<void> {
  await addAuthenticator(it.page);
  it.server.on("POST /api/passkeys/register/start", { body: registrationCeremony() });
  it.server.on("POST /api/passkeys/register/finish", { status: 201, body: { passkey: passkey("pk-1", "Phone") } });
}

describe("the passkey offer", () => {
  test("creates one", async () => {
    await passkeysWork();
    await it.open("/register/passkey-offer?signup=1&return_to=%2Freports");
    await create().click();
    await it.page.waitForURL("**/reports");
  });

  test("a closed prompt is told, and both ways stay open", async () => {
    await closePrompts(it.page);
    it.server.on("POST /api/passkeys/register/start", { body: registrationCeremony() });
    await it.open("/register/passkey-offer?signup=1");
    await create().click();
    await it.page.getByText("The passkey prompt was closed or timed out. You can try again.").waitFor();
    await picture(it.page, "passkey-offer-cancelled");
    await it.page.getByText("What are passkeys?").click();
    await it.page.getByText("A passkey replaces your password.").waitFor();
    await it.page.getByRole("button", { name: "Not now" }).click();
    await it.page.waitForURL(`${it.server.origin}/`);
  });

  test("a device that has one already is told so", async () => {
    await it.page.addInitScript(() => {
      navigator.credentials.create = () => Promise.reject(new DOMException("exists", "InvalidStateError"));
    });
    it.server.on("POST /api/passkeys/register/start", { body: registrationCeremony() });
    await it.open("/register/passkey-offer");
    await create().click();
    await it.page.getByText("This device already has a passkey for your account.").waitFor();
  });

  test("a sign-in too long ago leads to a fresh one", async () => {
    it.server.on("POST /api/passkeys/register/start", problem(403, "reauthentication_required"));
    await it.open("/register/passkey-offer");
    await create().click();
    await it.page.waitForURL("**/login?reauthenticate=1&return_to=%2Faccount");
  });

  test("a browser without WebAuthn is told, and goes on", async () => {
    await it.page.addInitScript(() => Reflect.deleteProperty(window, "PublicKeyCredential"));
    await it.open("/register/passkey-offer?return_to=%2Freports");
    await it.page.getByText("This browser can't create passkeys.").waitFor();
    await picture(it.page, "passkey-offer-no-webauthn");
    await it.page.getByRole("button", { name: "Continue" }).click();
    await it.page.waitForURL("**/reports");
  });
});

describe("what follows the offer", () => {
  const STATE = "GET /api/recovery-codes";

  test("a first passkey leads to recovery codes, which lead on", async () => {
    await passkeysWork();
    it.server.on(STATE, { body: { remaining: 0, created_at: null } });
    await it.open("/register/passkey-offer?return_to=%2Freports");
    await create().click();
    await it.page.waitForURL("**/recovery-codes?return_to=%2Freports");
  });

  test("those who have recovery codes go straight on", async () => {
    await passkeysWork();
    it.server.on(STATE, { body: { remaining: 7, created_at: "2026-01-05T10:00:00Z" } });
    await it.open("/register/passkey-offer?return_to=%2Freports");
    await create().click();
    await it.page.waitForURL("**/reports");
  });

  test('"Not now" is kept for later sign-ins', async () => {
    it.server.on("GET /api/auth/session", { body: promptedSession() });
    it.server.on("POST /api/passkeys/prompt/dismiss", { status: 204 });
    await it.open("/register/passkey-offer?return_to=%2Freports");
    await notNow().dblclick();
    await it.page.waitForURL("**/reports");
    expect(asked("POST /api/passkeys/prompt/dismiss")).toHaveLength(1);
  });

  test("an outage does not keep those who want to go on", async () => {
    it.server.on("POST /api/passkeys/prompt/dismiss", problem(503, "dependency_unavailable"));
    await it.open("/register/passkey-offer?return_to=%2Freports");
    await notNow().click();
    await it.page.waitForURL("**/reports");
  });
});

describe("where everyone must have one", () => {
  test.each([
    [
      "the page needs it",
      "/register/passkey-offer?required=1&return_to=%2Freports",
      "off",
      "The page you want to open needs a passkey.",
    ],
    [
      "the session says so",
      "/register/passkey-offer?return_to=%2Freports",
      "required",
      "This application asks everyone to sign in with a passkey.",
    ],
  ] as const)('there is no "Not now", but the reason and a way out: %s', async (_, address, enforcement, words) => {
    it.server.on("GET /api/auth/session", { body: promptedSession(enforcement) });
    it.server.on("POST /api/auth/logout", { status: 204 });
    await it.open(address);
    await it.page.getByText(words).waitFor();
    expect(await notNow().count()).toBe(0);
    await picture(it.page, "passkey-offer-required");
    it.server.on("GET /api/auth/session", { body: { authenticated: false } });
    await it.page.getByRole("button", { name: "Sign out" }).click();
    await it.page.waitForURL("**/login");
    expect(asked("POST /api/auth/logout")).toHaveLength(1);
  });

  test("the passkey leads on", async () => {
    await passkeysWork();
    await it.open("/register/passkey-offer?required=1&return_to=%2Freports");
    await create().click();
    await it.page.waitForURL("**/reports");
  });

  test("a browser that can't is told what to do", async () => {
    await it.page.addInitScript(() => Reflect.deleteProperty(window, "PublicKeyCredential"));
    await it.open("/register/passkey-offer?required=1");
    await it.page.getByText("Sign in on a phone or computer with an up-to-date browser").waitFor();
    expect(await it.page.getByRole("button", { name: "Continue" }).count()).toBe(0);
    await it.page.getByRole("button", { name: "Sign out" }).waitFor();
    await picture(it.page, "passkey-offer-required-no-webauthn");
  });
});
