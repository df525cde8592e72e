import { describe, expect, test } from "vitest";
import { picture } from "./support/browser.ts";
import { problem, session } from "./support/gateway-bodies.ts";
import { error, kratosError, loginFlow } from "./support/kratos-flows.ts";
import { providePages } from "./support/pages.ts";

const it = providePages();
const LOGIN = "/.ory/kratos/self-service/login";
const passkeyButton = () => it.page.getByRole("button", { name: "Sign in with a passkey" });
const passwordButton = () => it.page.getByRole("button", { name: "Sign in with password" });
const email = () => it.page.getByLabel("E-mail");
const password = () => it.page.getByLabel("Password", { exact: true });
const asked = (call: string) => it.server.seen.filter(({ method, path }) => `${method} ${path}` === call);

async function typePassword(): Promise<void> {
  await email().fill("ann@example.com");
  await password().fill("correct horse");
  await passwordButton().click();
}

describe("the sign-in page", () => {
  test("offers both ways and offers passkeys in the e-mail field", async () => {
    await it.open("/login?return_to=%2Freports%3Fa%3D1");
    expect(await email().getAttribute("autocomplete")).toBe("username webauthn");
    expect(await password().getAttribute("autocomplete")).toBe("current-password");
    await picture(it.page, "login");
    const create = it.page.getByRole("link", { name: "Create an account" });
    expect(await create.getAttribute("href")).toBe("/register?return_to=%2Freports%3Fa%3D1");
  });

  test("signs in with a password and goes where the person wanted", async () => {
    it.server.on(`POST ${LOGIN}`, { body: { session: {} } });
    await it.open("/login?return_to=%2Freports%3Fa%3D1");
    await typePassword();
    await it.page.waitForURL("**/reports?a=1");
    expect(asked(`POST ${LOGIN}`)[0]?.body).toEqual({
      method: "password",
      identifier: "ann@example.com",
      password: "correct horse",
      csrf_token: "csrf-1",
    });
    await it.open("/login");
    expect(await it.page.getByText("You used your password last time.").isVisible()).toBe(true);
    await picture(it.page, "login-password-first");
  });

  test.each([
    "//evil.example",
    "https://evil.example/",
    "/\\evil.example",
    "/login?return_to=/login",
    "javascript:alert(1)",
  ])("does not follow return_to=%s", async (target) => {
    it.server.on(`POST ${LOGIN}`, { body: { session: {} } });
    await it.open(`/login?return_to=${encodeURIComponent(target)}`);
    await typePassword();
    await it.page.waitForURL(`${it.server.origin}/`);
  });

  test("a wrong password is said, announced and keeps what was typed", async () => {
    const wrong = loginFlow("login-1", [error(4_000_006, "The provided credentials are invalid")]);
    it.server.on(`POST ${LOGIN}`, { status: 400, body: wrong });
    await it.open("/login");
    await typePassword();
    const alert = it.page.getByRole("alert");
    await alert.waitFor();
    expect(await alert.textContent()).toBe("The e-mail or the password is not right.");
    expect(await alert.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await email().inputValue()).toBe("ann@example.com");
    await picture(it.page, "login-wrong-password");
  });

  test("empty fields are named, and focus goes to the first", async () => {
    await it.open("/login");
    await passwordButton().click();
    await it.page.getByText("Please fill this in.").first().waitFor();
    expect(await email().evaluate((element) => element === document.activeElement)).toBe(true);
    expect(asked(`POST ${LOGIN}`)).toEqual([]);
    await picture(it.page, "login-empty");
  });

  test("an expired flow is started anew in silence", async () => {
    let flows = 0;
    it.server.on(`GET ${LOGIN}/browser`, () => ({ body: loginFlow(`login-${++flows}`) }));
    it.server.on(`POST ${LOGIN}`, ({ query }) =>
      query.get("flow") === "login-1" ? kratosError("self_service_flow_expired", 410) : { body: { session: {} } },
    );
    await it.open("/login");
    await typePassword();
    await it.page.waitForURL(`${it.server.origin}/`);
    expect(asked(`POST ${LOGIN}`).map(({ query }) => query.get("flow"))).toEqual(["login-1", "login-2"]);
  });

  test("a double click signs in once", async () => {
    let answer: () => void = () => undefined;
    const after = new Promise<void>((resolve) => {
      answer = resolve;
    });
    it.server.on(`POST ${LOGIN}`, { body: { session: {} }, after });
    await it.open("/login");
    await email().fill("ann@example.com");
    await password().fill("correct horse");
    await passwordButton().dblclick();
    await it.page.getByRole("button", { name: "Signing in…" }).waitFor();
    await picture(it.page, "login-busy");
    await it.page.keyboard.press("Enter");
    answer();
    await it.page.waitForURL(`${it.server.origin}/`);
    expect(asked(`POST ${LOGIN}`)).toHaveLength(1);
  });

  test("an outage is told as one, not as a wrong password", async () => {
    it.server.on(`POST ${LOGIN}`, problem(503, "dependency_unavailable", { "Retry-After": "5" }));
    await it.open("/login");
    await typePassword();
    await it.page.getByText("We can't check this right now. Please try again in a moment.").waitFor();
    await picture(it.page, "login-outage");
  });

  test("an unreachable server is told as such", async () => {
    it.server.on(`GET ${LOGIN}/browser`, { hangUp: true });
    await it.open("/login");
    await typePassword();
    await it.page.getByText("We can't reach the server.").waitFor();
  });

  test("too many tries: the wait is counted down", async () => {
    it.server.on(`POST ${LOGIN}`, problem(429, "rate_limited", { "Retry-After": "2" }));
    await it.open("/login");
    await typePassword();
    await it.page.getByRole("alert").getByText("Too many tries. Please wait 2 seconds.").first().waitFor();
    await picture(it.page, "login-rate-limited");
    await it.page.getByRole("status").getByText("You can try again now.").first().waitFor();
  });

  test("offline: a banner says so and goes away again", async () => {
    await it.open("/login");
    await it.context.setOffline(true);
    await it.page.getByText("You are offline.").waitFor();
    await picture(it.page, "login-offline");
    await it.context.setOffline(false);
    await it.page.getByText("You are offline.").waitFor({ state: "hidden" });
  });

  test("the lost device: the ways back are folded away, and keep where the person wanted to go", async () => {
    await it.open("/login?return_to=%2Freports");
    await it.page.getByText("I lost my device").click();
    const way = (name: string) => it.page.getByRole("link", { name }).getAttribute("href");
    expect(await way("Get back in by e-mail")).toBe("/recover?return_to=%2Freports");
    expect(await way("Use a recovery code")).toBe("/recover/recovery-code?return_to=%2Freports");
    expect(await way("More help")).toBe("/help");
    await picture(it.page, "login-lost-device");
  });

  test("a browser without WebAuthn gets the password and plain words", async () => {
    await it.page.addInitScript(() => Reflect.deleteProperty(window, "PublicKeyCredential"));
    await it.open("/login");
    await it.page.getByText("This browser can't use passkeys.").waitFor();
    expect(await passkeyButton().count()).toBe(0);
    await picture(it.page, "login-no-webauthn");
  });
});

describe("signed in already", () => {
  test("goes on to return_to", async () => {
    it.server.on("GET /api/auth/session", { body: session() });
    await it.page.goto(`${it.server.origin}/login?return_to=%2Freports`);
    await it.page.waitForURL("**/reports");
  });

  test("does not go round in circles when sent back", async () => {
    it.server.on("GET /api/auth/session", { body: session() });
    it.server.on("POST /api/auth/logout", { status: 204 });
    await it.page.goto(`${it.server.origin}/login?return_to=%2Freports`);
    await it.page.waitForURL("**/reports");
    await it.page.goto(`${it.server.origin}/login?return_to=%2Freports`);
    await it.page.getByText("You are signed in as ann@example.com.").waitFor();
    await picture(it.page, "login-signed-in");
    await it.page.getByRole("button", { name: "Sign out" }).click();
    await passkeyButton().waitFor();
    expect(asked("POST /api/auth/logout")).toHaveLength(1);
  });

  test("may sign in again where a fresh sign-in is asked for", async () => {
    it.server.on("GET /api/auth/session", { body: session() });
    await it.open("/login?reauthenticate=1&return_to=%2Faccount");
    await it.page.getByRole("heading", { name: "Please sign in again" }).waitFor();
    await it.page.waitForFunction(() => document.querySelector("input")?.value === "ann@example.com");
    await picture(it.page, "login-again");
  });

  test("cannot be decided: the page says it is trying again, and moves on when it can", async () => {
    it.server.on("GET /api/auth/session", problem(503, "dependency_unavailable", { "Retry-After": "1" }));
    await it.open("/login?return_to=%2Freports");
    await it.page.getByText("We can't check this right now. Trying again…").waitFor();
    await picture(it.page, "login-undecided");
    it.server.on("GET /api/auth/session", { body: session() });
    await it.page.waitForURL("**/reports");
  });
});
