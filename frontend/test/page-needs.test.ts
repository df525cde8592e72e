import { describe, expect, test } from "vitest";
import { addAuthenticator, closePrompts, createPasskey, sayCapabilities } from "./support/authenticator.ts";
import { picture } from "./support/browser.ts";
import { promptedSession, session } from "./support/gateway-bodies.ts";
import { codeFlow, loginFlow } from "./support/kratos-flows.ts";
import { providePages } from "./support/pages.ts";

const it = providePages();
const DEEP = "/payments/42?from=mail&x=%2F";
const BACK = encodeURIComponent(DEEP);
const NEED = `/login?reauthenticate=1&need=passkey&return_to=${BACK}`;
const KRATOS = "/.ory/kratos/self-service";
const heading = (name: string) => it.page.getByRole("heading", { name, exact: true });
const button = (name: string) => it.page.getByRole("button", { name, exact: true });
const link = (name: string) => it.page.getByRole("link", { name, exact: true });
const asked = (call: string) => it.server.seen.filter(({ method, path }) => `${method} ${path}` === call);
const signedIn = (body: unknown) => it.server.on("GET /api/auth/session", { body });
const at = (path: string) => it.page.waitForURL(it.server.origin + path);

describe("a page that needs a passkey", () => {
  test("by password: the passkey alone is offered, for this person, and leads to the very page", async () => {
    await createPasskey(it);
    it.server.on("POST /api/passkeys/login/finish", { body: session() });
    signedIn(session("password"));
    await it.open(NEED);
    await heading("This page needs your passkey").waitFor();
    await it.page.getByText("You are signed in as ann@example.com.").waitFor();
    expect(await it.page.locator("input").count()).toBe(0);
    await picture(it.page, "need-passkey");
    await button("Use your passkey").click();
    await at(DEEP);
    expect(asked("POST /api/passkeys/login/start").map(({ body }) => body)).toEqual([{ step_up: true }]);
  });

  test("a closed prompt is told without a word of the password, and the way back goes back", async () => {
    await closePrompts(it.page);
    await sayCapabilities(it.page, { immediateGet: false });
    signedIn(session("password"));
    await it.open("/help");
    await it.open(NEED);
    await button("Use your passkey").click();
    await it.page.getByText("The passkey prompt was closed or timed out. You can try again.").waitFor();
    await picture(it.page, "need-passkey-cancelled");
    await button("Back").click();
    await at("/help");
  });

  test("whose device is lost finds a way that keeps the page", async () => {
    signedIn(session("password"));
    await it.open(NEED);
    await it.page.getByText("I lost my device").click();
    const offer = `/register/passkey-offer?required=1&return_to=${BACK}`;
    expect(await link("Create a new passkey").getAttribute("href")).toBe(offer.replaceAll("%20", "+"));
    await picture(it.page, "need-passkey-lost");
  });

  test("by a recovery code: a new passkey is at hand at once", async () => {
    signedIn({ ...session("password"), methods: ["recovery_code"] });
    await it.open(NEED);
    await it.page.getByText("You came in with a recovery code").waitFor();
    await picture(it.page, "need-passkey-recovered");
    await link("Create a new passkey").first().click();
    await at(`/register/passkey-offer?required=1&return_to=${BACK}`);
    await it.page.getByText("The page you want to open needs a passkey.").waitFor();
    await picture(it.page, "offer-needed-has-one");
    await link("I have a passkey already").click();
    await heading("This page needs your passkey").waitFor();
  });

  test("by a passkey that did not ask who holds it: anything more is enough, the password too", async () => {
    signedIn({ ...session(), aal: "aal1" });
    it.server.on(`GET ${KRATOS}/login/browser`, { body: loginFlow() });
    it.server.on(`POST ${KRATOS}/login`, { body: { session: {} } });
    await it.open(NEED);
    await heading("One more step").waitFor();
    await it.page.getByText("did not ask for your fingerprint").waitFor();
    await picture(it.page, "need-more");
    await it.page.getByLabel("Password", { exact: true }).fill("correct horse");
    await button("Sign in with password").click();
    await at(DEEP);
  });

  test("who has none makes one first, and is told what follows", async () => {
    signedIn(promptedSession("off"));
    await it.page.goto(it.server.origin + NEED);
    await at(`/register/passkey-offer?required=1&return_to=${BACK}`);
    await it.page.getByText("Create one now; then you use it once, and you are there.").waitFor();
    expect(await link("I have a passkey already").count()).toBe(0);
    await picture(it.page, "offer-needed");
  });

  test("who has what it needs goes on, and not in circles", async () => {
    signedIn(session());
    await it.page.goto(it.server.origin + NEED);
    await at(DEEP);
    await it.open(NEED);
    await heading("You are signed in").waitFor();
  });

  test("who is signed out meanwhile signs in as ever", async () => {
    await addAuthenticator(it.page);
    await it.open(NEED);
    await button("Sign in with password").waitFor();
    expect(asked("POST /api/passkeys/login/start").map(({ body }) => body)).not.toContainEqual({ step_up: true });
  });

  test("a browser that can't use passkeys is told where to go, and not to use a password", async () => {
    await it.page.addInitScript(() => Reflect.deleteProperty(window, "PublicKeyCredential"));
    signedIn(session("password"));
    await it.open(NEED);
    await it.page.getByText("a password is not enough for this page").waitFor();
    expect(await button("Use your passkey").count()).toBe(0);
    await picture(it.page, "need-passkey-no-webauthn");
  });
});

describe("a page that needs a confirmed address", () => {
  const VERIFY = `/verify?return_to=${BACK}`;
  const unconfirmed = () => {
    const { identity, ...rest } = session("password");
    return { ...rest, identity: { ...identity, email_verified: false } };
  };

  test("says so, sends the code, and leads to the very page", async () => {
    signedIn(unconfirmed());
    await it.open(VERIFY);
    await it.page.getByText("The page you want to open needs a confirmed e-mail.").waitFor();
    await picture(it.page, "verify-needed");
    it.server.on(`POST ${KRATOS}/verification`, ({ body }) =>
      JSON.stringify(body).includes("123456")
        ? { body: codeFlow({ state: "passed_challenge", email: "ann@example.com" }) }
        : { body: codeFlow({ email: "ann@example.com" }) },
    );
    await button("Send the code").click();
    await it.page.getByLabel("Six-digit code").fill("123456");
    await button("Continue").click();
    await at(DEEP);
  });

  test("whose address is confirmed already is taken on", async () => {
    signedIn(session("password"));
    await it.open(VERIFY);
    await button("Continue").click();
    await at(DEEP);
  });
});

describe("a page that is not open to this account", () => {
  const OTHER = `/login?other=1&return_to=${BACK}`;

  test("somebody else signs in after a sign-out that was asked for", async () => {
    signedIn(session("password"));
    it.server.on("POST /api/auth/logout", { status: 204 });
    await it.open(OTHER);
    await it.page.getByText("You are signed in as ann@example.com. Sign out first").waitFor();
    expect(asked("POST /api/auth/logout")).toEqual([]);
    await picture(it.page, "login-other");
    await button("Sign out and go on").click();
    await button("Sign in with password").waitFor();
    expect(asked("POST /api/auth/logout")).toHaveLength(1);
    it.server.on(`POST ${KRATOS}/login`, { body: { session: {} } });
    await it.page.getByLabel("E-mail").fill("ben@example.com");
    await it.page.getByLabel("Password", { exact: true }).fill("correct horse");
    await button("Sign in with password").click();
    await at(DEEP);
  });
});
