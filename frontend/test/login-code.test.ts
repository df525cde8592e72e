import { beforeEach, describe, expect, test } from "vitest";
import { picture } from "./support/browser.ts";
import { problem, SETTINGS, session } from "./support/gateway-bodies.ts";
import { error, kratosError, loginCodeFlow, loginFlow } from "./support/kratos-flows.ts";
import { providePages } from "./support/pages.ts";

const it = providePages();
const LOGIN = "/.ory/kratos/self-service/login";
const sendButton = () => it.page.getByRole("button", { name: "E-mail me a code" });
const codeField = () => it.page.getByLabel("Six-digit code");
const posted = () => it.server.seen.filter(({ method, path }) => method === "POST" && path === LOGIN);
const heading = (name: string) => it.page.getByRole("heading", { name });

const SENT = { status: 400, body: loginCodeFlow() };
const wrongCode = { status: 400, body: loginCodeFlow("login-1", [error(4_010_008, "invalid")]) };
const nobody = { status: 400, body: loginFlow("login-1", [error(4_000_035, "account does not exist")]) };

async function ask(): Promise<void> {
  await it.page.getByLabel("E-mail").fill("ann@example.com");
  await sendButton().click();
  await heading("Check your e-mail").waitFor();
}

test("is not offered where it is off", async () => {
  await it.open("/login");
  expect(await sendButton().count()).toBe(0);
});

describe("where it is on", () => {
  beforeEach(() => {
    it.server.on("GET /.passbridge/config.json", { body: { ...SETTINGS, code_sign_in: true } });
    it.server.on(`POST ${LOGIN}`, SENT);
  });

  test("comes last, and is sent to the typed address", async () => {
    await it.open("/login?return_to=%2Freports");
    await picture(it.page, "login-three-ways");
    await ask();
    await it.page.getByText("If ann@example.com has an account, a six-digit code is on its way.").waitFor();
    await picture(it.page, "login-code");
    it.server.on(`POST ${LOGIN}`, { body: { session: {} } });
    await codeField().fill("123456");
    await it.page.waitForURL("**/reports");
    expect(posted().map(({ body }) => body)).toEqual([
      { method: "code", identifier: "ann@example.com", csrf_token: "csrf-1" },
      { method: "code", identifier: "ann@example.com", code: "123456", csrf_token: "csrf-1" },
    ]);
  });

  test("is offered first the next time, and the Enter key sends it", async () => {
    await it.open("/login");
    await ask();
    it.server.on(`POST ${LOGIN}`, { body: { session: {} } });
    await codeField().fill("123456");
    await it.page.waitForURL(`${it.server.origin}/`);
    await it.open("/login");
    await it.page.getByText("You used a code by e-mail last time.").waitFor();
    await picture(it.page, "login-code-first");
    it.server.on(`POST ${LOGIN}`, SENT);
    await it.page.getByLabel("E-mail").fill("ann@example.com");
    await it.page.keyboard.press("Enter");
    await heading("Check your e-mail").waitFor();
  });

  test("an address nobody has looks the same, up to the wrong code", async () => {
    it.server.on(`POST ${LOGIN}`, nobody);
    await it.open("/login");
    await ask();
    await codeField().fill("123456");
    await it.page.getByText("The code is not right, or it was used before.").waitFor();
    expect(posted()).toHaveLength(2);
  });

  test("a wrong code is told at the field, and goes away with the first correction", async () => {
    await it.open("/login");
    await ask();
    it.server.on(`POST ${LOGIN}`, wrongCode);
    await codeField().fill("123456");
    const words = it.page.getByText("The code is not right, or it was used before.");
    await words.waitFor();
    expect(await codeField().getAttribute("aria-invalid")).toBe("true");
    await picture(it.page, "login-code-wrong");
    await it.page.keyboard.press("Backspace");
    await words.waitFor({ state: "hidden" });
  });

  test("without an address it says what is missing, and asks nobody", async () => {
    await it.open("/login");
    await sendButton().click();
    await it.page.getByText("Please fill this in.").waitFor();
    expect(await it.page.getByLabel("E-mail").evaluate((field) => field === document.activeElement)).toBe(true);
    expect(posted()).toEqual([]);
  });

  test("an outage is told, and the other ways are still there", async () => {
    it.server.on(`POST ${LOGIN}`, problem(503, "dependency_unavailable"));
    await it.open("/login");
    await it.page.getByLabel("E-mail").fill("ann@example.com");
    await sendButton().click();
    await it.page.getByText("We can't check this right now. Please try again in a moment.").waitFor();
    await it.page.getByRole("button", { name: "Sign in with password" }).waitFor();
  });

  test("a code that came too late is told", async () => {
    await it.open("/login");
    await ask();
    it.server.on(`POST ${LOGIN}`, kratosError("self_service_flow_expired", 410));
    await codeField().fill("123456");
    await it.page.getByText("That took too long. Let's try again.").waitFor();
  });

  test("there is a way back to the other ways", async () => {
    await it.open("/login");
    await ask();
    await it.page.getByRole("button", { name: "Another way in" }).click();
    await heading("Sign in").waitFor();
    it.server.on(`POST ${LOGIN}`, { body: { session: {} } });
    await it.page.getByLabel("Password", { exact: true }).fill("correct horse");
    await it.page.keyboard.press("Enter");
    await it.page.waitForURL(`${it.server.origin}/`);
  });

  test("a fresh sign-in may be by code too", async () => {
    it.server.on("GET /api/auth/session", { body: session("password") });
    await it.open("/login?reauthenticate=1&return_to=%2Faccount");
    await it.page.waitForFunction(() => document.querySelector("input")?.value === "ann@example.com");
    await sendButton().click();
    await heading("Check your e-mail").waitFor();
    const started = it.server.seen.find(({ path }) => path === `${LOGIN}/browser`);
    expect(started?.query.get("refresh")).toBe("true");
  });
});
