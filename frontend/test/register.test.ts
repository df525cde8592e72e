import { describe, expect, test } from "vitest";
import { picture } from "./support/browser.ts";
import { problem, SETTINGS, session } from "./support/gateway-bodies.ts";
import { codeFlow, error, kratosError, node, registrationFlow } from "./support/kratos-flows.ts";
import { providePages } from "./support/pages.ts";

const it = providePages();
const KRATOS = "/.ory/kratos/self-service";
const REGISTER = `POST ${KRATOS}/registration`;
const CREATED = {
  identity: {},
  session: {},
  continue_with: [
    { action: "redirect_browser_to", redirect_browser_to: "/" },
    {
      action: "show_verification_ui",
      flow: { id: "verify-1", verifiable_address: "ann@example.com", url: "/verify?flow=verify-1" },
    },
  ],
};
const email = () => it.page.getByLabel("E-mail");
const password = () => it.page.getByLabel("Password", { exact: true });
const submit = () => it.page.getByRole("button", { name: "Create account" });
const bodyOf = (call: string) => it.server.seen.find(({ method, path }) => `${method} ${path}` === call)?.body;

async function signUp(): Promise<void> {
  await email().fill("ann@example.com");
  await password().fill("correct horse battery");
  await submit().click();
}

describe("/register", () => {
  test("asks for what the schema asks for, the password once", async () => {
    await it.open("/register");
    await submit().waitFor();
    expect(
      await it.page.locator("input").evaluateAll((inputs) => inputs.map((input) => input.getAttribute("name"))),
    ).toEqual(["traits.email", "traits.name", "password"]);
    expect(await password().getAttribute("autocomplete")).toBe("new-password");
    await picture(it.page, "register");
    await password().fill("correct horse battery");
    await it.page.getByText("Strong").waitFor();
    await it.page.getByRole("button", { name: "Show password" }).click();
    expect(await password().getAttribute("type")).toBe("text");
    await picture(it.page, "register-strength");
  });

  test("a field new in the schema appears by itself and is sent in its type", async () => {
    const more = [
      node("password", { name: "traits.address.city", type: "text", required: true }, "City"),
      node("password", { name: "traits.age", type: "number" }, "Age"),
      node("password", { name: "traits.news", type: "checkbox" }, "Send me news"),
      node("password", { name: "traits.size", type: "text", options: [{ value: "S" }, { value: "L" }] }, "Size"),
    ];
    it.server.on(`GET ${KRATOS}/registration/browser`, { body: registrationFlow({}, more) });
    it.server.on(REGISTER, { body: CREATED });
    await it.open("/register");
    await it.page.getByLabel("City").fill("Lisbon");
    await it.page.getByLabel("Age").fill("41");
    await it.page.getByLabel("Send me news").check();
    await it.page.getByLabel("Size").selectOption("L");
    await picture(it.page, "register-more-fields");
    await signUp();
    await it.page.getByRole("heading", { name: "Sign in faster next time" }).waitFor();
    expect(bodyOf(REGISTER)).toMatchObject({
      method: "password",
      traits: { email: "ann@example.com", address: { city: "Lisbon" }, age: 41, news: true, size: "L" },
    });
  });

  test("leads by passkey offer and code to return_to", async () => {
    it.server.on(REGISTER, { body: CREATED });
    it.server.on(`GET ${KRATOS}/verification/flows`, { body: codeFlow({ id: "verify-1" }) });
    it.server.on(`POST ${KRATOS}/verification`, { body: codeFlow({ id: "verify-1", state: "passed_challenge" }) });
    it.server.on("GET /api/auth/session", { body: session("password") });
    await it.open("/register?return_to=%2Freports");
    await signUp();
    const hero = it.page.getByRole("heading", { name: "Sign in faster next time" });
    await hero.waitFor();
    expect(await hero.evaluate((element) => element === document.activeElement)).toBe(true);
    await picture(it.page, "passkey-offer");
    await it.page.getByRole("button", { name: "Not now" }).click();
    await it.page.getByText("We sent a six-digit code to ann@example.com.").waitFor();
    await it.page.getByLabel("Six-digit code").fill("123456");
    await it.page.getByRole("heading", { name: "Your e-mail is confirmed" }).waitFor();
    await it.page.getByRole("button", { name: "Continue" }).click();
    await it.page.waitForURL("**/reports");
  });

  test("the order of the steps is configuration, and so are the words", async () => {
    const texts = { "register.title": "Join us", "verify.title": "One more thing" };
    it.server.on("GET /.passbridge/config.json", {
      body: { ...SETTINGS, brand_name: "Acme", texts, signup_steps: ["verify"] },
    });
    it.server.on(REGISTER, { body: CREATED });
    it.server.on(`GET ${KRATOS}/verification/flows`, { body: codeFlow({ id: "verify-1" }) });
    await it.open("/register");
    await it.page.getByRole("heading", { name: "Join us" }).waitFor();
    expect(await it.page.title()).toBe("Join us · Acme");
    await signUp();
    await it.page.getByRole("heading", { name: "One more thing" }).waitFor();
  });

  test("what Kratos refuses stands at its field and takes focus", async () => {
    const faults = {
      email: error(4_000_001, '"ann" is not valid "email"'),
      password: error(4_000_032, "too short", { min_length: 8, actual_length: 5 }),
    };
    it.server.on(REGISTER, { status: 400, body: registrationFlow(faults) });
    await it.open("/register");
    await signUp();
    await it.page.getByText("Use at least 8 characters.").waitFor();
    expect(await email().evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await email().getAttribute("aria-invalid")).toBe("true");
    const described = await it.page.evaluate(() => {
      const ids = document.activeElement?.getAttribute("aria-describedby")?.split(" ") ?? [];
      return ids.map((id) => document.getElementById(id)?.className);
    });
    expect(described).toEqual(["field__error"]);
    expect(await email().inputValue()).toBe("ann@example.com");
    await picture(it.page, "register-refused");
  });

  test("an address in use is told with the way to sign in", async () => {
    it.server.on(REGISTER, { status: 400, body: registrationFlow({ general: error(4_000_007, "exists already") }) });
    await it.open("/register");
    await signUp();
    await it.page.getByText("This e-mail can't be used for a new account.").waitFor();
    await picture(it.page, "register-address-in-use");
  });

  test("somebody who is signed in is not asked to sign up", async () => {
    it.server.on(`GET ${KRATOS}/registration/browser`, kratosError("session_already_available", 400));
    await it.page.goto(`${it.server.origin}/register?return_to=%2Freports`);
    await it.page.waitForURL("**/login?return_to=%2Freports");
  });

  test("a server that cannot be asked: the problem and a way to try again", async () => {
    it.server.on(`GET ${KRATOS}/registration/browser`, problem(503, "dependency_unavailable"));
    await it.open("/register");
    await it.page.getByText("We can't check this right now.").waitFor();
    await picture(it.page, "register-outage");
    it.server.on(`GET ${KRATOS}/registration/browser`, { body: registrationFlow() });
    await it.page.getByRole("button", { name: "Try again" }).click();
    await submit().waitFor();
  });

  test("a slow server: a skeleton stands in", async () => {
    let answer: () => void = () => undefined;
    const after = new Promise<void>((resolve) => {
      answer = resolve;
    });
    it.server.on(`GET ${KRATOS}/registration/browser`, { body: registrationFlow(), after });
    await it.open("/register");
    const skeleton = it.page.locator(".skeleton");
    await expect
      .poll(() => skeleton.evaluate((element) => getComputedStyle(element).opacity), { timeout: 5_000 })
      .toBe("1");
    await picture(it.page, "register-loading");
    answer();
    await submit().waitFor();
  });
});
