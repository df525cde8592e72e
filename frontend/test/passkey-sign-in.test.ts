import { beforeEach, describe, expect, test } from "vitest";
import { closePrompts, createPasskey, neverAutofill } from "./support/authenticator.ts";
import { picture } from "./support/browser.ts";
import { loginCeremony, problem, session } from "./support/gateway-bodies.ts";
import { providePages } from "./support/pages.ts";

const it = providePages();
const START = "POST /api/passkeys/login/start";
const FINISH = "POST /api/passkeys/login/finish";
const button = () => it.page.getByRole("button", { name: "Sign in with a passkey" });
const asked = (call: string) => it.server.seen.filter(({ method, path }) => `${method} ${path}` === call);

async function settled(): Promise<void> {
  await expect.poll(() => asked(START).length, { timeout: 5_000 }).toBeGreaterThan(0);
}

describe("by the button", () => {
  beforeEach(async () => {
    await neverAutofill(it.page);
    await createPasskey(it);
  });

  test("signs in, goes on, and is offered first the next time", async () => {
    it.server.on(FINISH, { body: session() });
    await it.open("/login?return_to=%2Freports");
    await settled();
    await it.page.getByLabel("E-mail").fill("ann@example.com");
    await button().click();
    await it.page.waitForURL("**/reports");
    expect(asked(START).at(-1)?.body).toEqual({ username: "ann@example.com" });
    expect(asked(FINISH)[0]?.body).toMatchObject({ credential: { type: "public-key" } });
    await it.open("/login");
    await it.page.getByText("You used a passkey last time.").waitFor();
  });

  test("by the Enter key in the e-mail field", async () => {
    it.server.on(FINISH, { body: session() });
    await it.open("/login");
    await it.page.getByLabel("E-mail").fill("ann@example.com");
    await it.page.keyboard.press("Enter");
    await it.page.waitForURL(`${it.server.origin}/`);
  });

  test("a challenge that ran out starts again by itself", async () => {
    let finishes = 0;
    it.server.on(FINISH, () => (++finishes === 1 ? problem(400, "challenge_invalid") : { body: session() }));
    await it.open("/login");
    await button().click();
    await it.page.waitForURL(`${it.server.origin}/`);
    expect(finishes).toBe(2);
  });

  test("a challenge that runs out for ever is told", async () => {
    it.server.on(FINISH, problem(400, "challenge_invalid"));
    await it.open("/login");
    await button().click();
    await it.page.getByText("That took too long. Let's try again.").waitFor();
    await expect.poll(() => asked(FINISH).length, { timeout: 5_000 }).toBe(2);
    await it.page.getByRole("button", { name: "Sign in with a passkey" }).waitFor();
  });

  test("an unknown passkey is told, and the browser is told to forget it", async () => {
    await it.page.addInitScript(() => {
      Object.assign(PublicKeyCredential, {
        signalUnknownCredential: (signal: object) => Promise.resolve(Object.assign(window, { signal })),
      });
    });
    it.server.on(FINISH, problem(404, "credential_unknown"));
    await it.open("/login");
    await button().click();
    await it.page.getByText("That passkey is no longer known here. It may have been removed.").waitFor();
    const signal: { credentialId: string } = await it.page.evaluate(() => ({ ...Reflect.get(window, "signal") }));
    expect(signal).toMatchObject({ rpId: "localhost" });
    expect(asked(FINISH)[0]?.body).toMatchObject({ credential: { id: signal.credentialId } });
    await picture(it.page, "login-credential-unknown");
  });

  test("an outage while starting is waited out", async () => {
    it.server.on(FINISH, { body: session() });
    await it.open("/login");
    await settled();
    const seenIt = Promise.withResolvers<void>();
    const outage = problem(503, "dependency_unavailable", { "Retry-After": "1" });
    const answers = [outage, { ...outage, after: seenIt.promise }];
    it.server.on(START, () => answers.shift() ?? { body: loginCeremony() });
    await button().click();
    await it.page.getByText("We can't check this right now. Trying again…").waitFor();
    await picture(it.page, "login-outage-retrying");
    seenIt.resolve();
    await it.page.waitForURL(`${it.server.origin}/`);
    expect(answers).toEqual([]);
  });

  test("too many tries are told", async () => {
    it.server.on(FINISH, problem(429, "rate_limited", { "Retry-After": "40" }));
    await it.open("/login");
    await button().click();
    await it.page.getByText("Too many tries. Please wait 40 seconds.").first().waitFor();
  });

  test("a fresh sign-in asks for a step-up", async () => {
    it.server.on(FINISH, { body: session() });
    it.server.on("GET /api/auth/session", { body: session() });
    await it.open("/login?reauthenticate=1&return_to=%2Faccount");
    await button().click();
    await it.page.waitForURL("**/account");
    expect(asked(START).at(-1)?.body).toMatchObject({ step_up: true });
  });
});

describe("by autofill", () => {
  test("signs in without a word", async () => {
    await createPasskey(it);
    it.server.on(FINISH, { body: session() });
    await it.page.goto(`${it.server.origin}/login?return_to=%2Freports`);
    await it.page.waitForURL("**/reports");
    expect(asked(FINISH)).toHaveLength(1);
  });

  test("what fails before anything was picked is nobody's concern", async () => {
    it.server.on(START, problem(503, "dependency_unavailable"));
    await it.open("/login");
    await settled();
    expect(await it.page.getByRole("alert").count()).toBe(0);
  });

  test("goes on after the button's prompt was closed", async () => {
    await closePrompts(it.page);
    await it.open("/login");
    await settled();
    await button().click();
    await it.page.getByText("No passkey on this device was used.").waitFor();
    await expect.poll(() => asked(START).length, { timeout: 5_000 }).toBe(3);
    await button().click();
    await it.page.getByText("The passkey prompt was closed or timed out. Try again, or use your password.").waitFor();
    await expect.poll(() => asked(START).length, { timeout: 5_000 }).toBe(5);
    await picture(it.page, "login-cancelled");
  });
});
