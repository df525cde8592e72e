import { beforeEach, describe, expect, test } from "vitest";
import { picture } from "./support/browser.ts";
import { problem, session } from "./support/gateway-bodies.ts";
import { codeFlow, error, kratosError, settingsFlow } from "./support/kratos-flows.ts";
import { providePages } from "./support/pages.ts";

const it = providePages();
beforeEach(() => it.server.on("GET /api/auth/session", { body: session() }));
const KRATOS = "/.ory/kratos/self-service";
const VERIFY = `POST ${KRATOS}/verification`;
const LOAD = `GET ${KRATOS}/verification/flows`;
const code = () => it.page.getByLabel("Six-digit code");
const bodies = (call: string) =>
  it.server.seen.filter(({ method, path }) => `${method} ${path}` === call).map(({ body }) => body);

test("takes the code by hand and says what came of it", async () => {
  it.server.on(LOAD, { body: codeFlow({ email: "ann@example.com" }) });
  it.server.on(VERIFY, { body: codeFlow({ state: "passed_challenge", email: "ann@example.com" }) });
  await it.open("/verify?flow=code-1&return_to=%2Freports");
  await it.page.getByText("We sent a six-digit code to ann@example.com.").waitFor();
  expect(await code().getAttribute("autocomplete")).toBe("one-time-code");
  await code().pressSequentially("12 34");
  await picture(it.page, "verify");
  await code().pressSequentially("56");
  await it.page.getByRole("heading", { name: "Your e-mail is confirmed" }).waitFor();
  expect(bodies(VERIFY)).toEqual([{ method: "code", code: "123456", csrf_token: "csrf-1" }]);
  await picture(it.page, "verify-done");
  await it.page.getByRole("button", { name: "Continue" }).click();
  await it.page.waitForURL("**/reports");
});

test("takes a paste with whatever is around the digits", async () => {
  it.server.on(LOAD, { body: codeFlow() });
  it.server.on(VERIFY, { body: codeFlow({ state: "passed_challenge" }) });
  await it.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await it.open("/verify?flow=code-1");
  await it.page.evaluate(() => navigator.clipboard.writeText(" Your code: 528 923\n"));
  await code().focus();
  await it.page.keyboard.press("Control+V");
  await it.page.getByRole("heading", { name: "Your e-mail is confirmed" }).waitFor();
  expect(bodies(VERIFY)[0]).toMatchObject({ code: "528923" });
});

test("a wrong code is told at the field and goes away with the correction", async () => {
  it.server.on(LOAD, { body: codeFlow({ email: "ann@example.com" }) });
  const wrong = error(4_070_006, "The verification code is invalid");
  it.server.on(VERIFY, { body: codeFlow({ email: "ann@example.com", messages: [wrong] }) });
  await it.open("/verify?flow=code-1");
  await code().fill("000000");
  const message = it.page.getByText("The code is not right, or it was used before.");
  await message.waitFor();
  expect(await code().getAttribute("aria-invalid")).toBe("true");
  expect(await code().evaluate((element) => element === document.activeElement)).toBe(true);
  await picture(it.page, "verify-wrong-code");
  await it.page.keyboard.press("Backspace");
  await message.waitFor({ state: "hidden" });
  await it.page.keyboard.press("Enter");
  await it.page.getByText("Please enter all six digits.").waitFor();
  expect(bodies(VERIFY)).toHaveLength(1);
});

test("the mail's link brings the code along; one tap confirms", async () => {
  it.server.on(LOAD, { body: codeFlow({ email: "ann@example.com", code: "528923" }) });
  it.server.on(VERIFY, { body: codeFlow({ state: "passed_challenge" }) });
  await it.open("/verify?flow=code-1");
  await it.page.getByText("We filled in the code from your mail.").waitFor();
  await picture(it.page, "verify-link");
  await it.page.getByRole("button", { name: "Confirm" }).click();
  await it.page.getByRole("heading", { name: "Your e-mail is confirmed" }).waitFor();
  expect(bodies(VERIFY)[0]).toMatchObject({ code: "528923" });
});

test("a link to the page, opened on another device, is handed over by Kratos", async () => {
  let handedOver = false;
  it.server.on(`GET ${KRATOS}/verification`, ({ query }) => {
    handedOver = query.get("code") === "528923";
    return { status: 303, headers: { Location: "/verify?flow=code-1" } };
  });
  it.server.on(LOAD, () =>
    handedOver ? { body: codeFlow({ code: "528923" }) } : kratosError("security_csrf_violation", 403),
  );
  await it.page.goto(`${it.server.origin}/verify?flow=code-1&code=528923`);
  await it.page.waitForURL("**/verify?flow=code-1");
  await it.page.getByText("We filled in the code from your mail.").waitFor();
});

test("another device without the flow: asks for the address and sends a new code", async () => {
  it.server.on(LOAD, kratosError("security_csrf_violation", 403));
  it.server.on(VERIFY, { body: codeFlow({ email: "ann@example.com" }) });
  await it.open("/verify?flow=code-1");
  await it.page.getByText("That code can't be used here any more.").waitFor();
  await picture(it.page, "verify-expired");
  await it.page.getByLabel("E-mail").fill("ann@example.com");
  await it.page.getByRole("button", { name: "Send the code" }).click();
  await code().waitFor();
  expect(bodies(VERIFY)).toEqual([{ method: "code", email: "ann@example.com", csrf_token: "csrf-1" }]);
});

test("sends again, but not at once", async () => {
  await it.page.clock.install();
  it.server.on(LOAD, { body: codeFlow({ email: "ann@example.com" }) });
  it.server.on(VERIFY, { body: codeFlow({ email: "ann@example.com" }) });
  await it.open("/verify?flow=code-1");
  const waiting = it.page.getByRole("button", { name: /Send again in \d+ s/ });
  await waiting.waitFor();
  expect(await waiting.isDisabled()).toBe(true);
  await it.page.clock.runFor(31_000);
  await it.page.getByRole("button", { name: "Send again", exact: true }).click();
  await waiting.waitFor();
  expect(bodies(VERIFY)).toEqual([{ method: "code", email: "ann@example.com", csrf_token: "csrf-1" }]);
});

test("change: somebody who is signed in gets the address of the account changed", async () => {
  it.server.on("GET /api/auth/session", { body: session("password", "anne@example.com") });
  it.server.on(LOAD, ({ query }) => ({ body: codeFlow({ id: query.get("id") ?? "" }) }));
  const next = { id: "verify-2", verifiable_address: "ann@example.com", url: "/verify?flow=verify-2" };
  const changed = { ...settingsFlow("success"), continue_with: [{ action: "show_verification_ui", flow: next }] };
  it.server.on(`POST ${KRATOS}/settings`, { body: changed });
  await it.open("/verify?flow=code-1");
  await it.page.getByText("We sent a six-digit code to anne@example.com.").waitFor();
  await it.page.getByRole("button", { name: "Change the e-mail address" }).click();
  await it.page.getByLabel("E-mail").fill("ann@example.com");
  await picture(it.page, "verify-change");
  await it.page.getByRole("button", { name: "Send the code" }).click();
  await it.page.getByText("We sent a six-digit code to ann@example.com.").waitFor();
  expect(new URL(it.page.url()).searchParams.get("flow")).toBe("verify-2");
  expect(bodies(`POST ${KRATOS}/settings`)[0]).toMatchObject({
    method: "profile",
    traits: { email: "ann@example.com", name: "Ann" },
  });
});

test("an outage leaves the code in place", async () => {
  it.server.on(LOAD, { body: codeFlow() });
  it.server.on(VERIFY, problem(503, "dependency_unavailable"));
  await it.open("/verify?flow=code-1");
  await code().fill("123456");
  await it.page.getByText("We can't check this right now.").waitFor();
  expect(await code().inputValue()).toBe("123456");
});

test("without a flow, the signed-in person's address is there already", async () => {
  it.server.on("GET /api/auth/session", { body: session() });
  await it.open("/verify");
  await it.page.getByRole("heading", { name: "Confirm your e-mail" }).waitFor();
  await it.page.waitForFunction(() => document.querySelector("input")?.value === "ann@example.com");
  await picture(it.page, "verify-ask");
});

describe("in a browser that is not signed in to the account", () => {
  const warning = () => it.page.getByText("You are not signed in to this account here.");

  test("it is said before what confirming removes, and afterwards a way in leads on", async () => {
    it.server.on("GET /api/auth/session", { body: { authenticated: false } });
    it.server.on(LOAD, { body: codeFlow({ email: "ann@example.com", code: "528923" }) });
    it.server.on(VERIFY, { body: codeFlow({ state: "passed_challenge" }) });
    await it.open("/verify?flow=code-1&return_to=%2Freports");
    await warning().waitFor();
    await picture(it.page, "verify-elsewhere");
    expect(bodies(VERIFY)).toEqual([]);
    await it.page.getByRole("button", { name: "Confirm" }).click();
    await it.page.getByRole("heading", { name: "Your e-mail is confirmed" }).waitFor();
    await it.page.getByText("If a passkey or password was set up for this account").waitFor();
    await picture(it.page, "verify-elsewhere-done");
    await it.page.getByRole("link", { name: "Set up a way to sign in" }).click();
    await it.page.getByRole("heading", { name: "Get back in" }).waitFor();
    expect(new URL(it.page.url()).searchParams.get("return_to")).toBe("/reports");
    expect(await it.page.getByLabel("E-mail").inputValue()).toBe("ann@example.com");
  });

  test("somebody else's sign-in counts as none, the account's own does", async () => {
    it.server.on("GET /api/auth/session", { body: session("passkey", "bob@example.com") });
    it.server.on(LOAD, { body: codeFlow({ email: "ann@example.com" }) });
    await it.open("/verify?flow=code-1");
    await warning().waitFor();
    it.server.on(LOAD, { body: codeFlow() });
    await it.open("/verify?flow=code-1");
    await warning().waitFor();
    it.server.on(LOAD, { body: codeFlow({ email: "ann@example.com" }) });
    it.server.on("GET /api/auth/session", { body: session("passkey", "Ann@example.com") });
    await it.open("/verify?flow=code-1");
    await code().waitFor();
    expect(await warning().count()).toBe(0);
  });
});

test("the gateway's own flow takes the code, and another mail is sent by a flow of the browser's own", async () => {
  await it.page.clock.install();
  it.server.on(LOAD, { body: { ...codeFlow({ email: "ann@example.com" }), type: "api" } });
  it.server.on(VERIFY, { body: codeFlow({ id: "new-1", email: "ann@example.com" }) });
  await it.open("/verify?flow=code-1");
  await it.page.getByRole("button", { name: /Send again in \d+ s/ }).waitFor();
  await it.page.clock.runFor(31_000);
  await it.page.getByRole("button", { name: "Send again", exact: true }).click();
  await it.page.getByRole("button", { name: /Send again in \d+ s/ }).waitFor();
  const asked = it.server.seen.filter(({ method, path }) => `${method} ${path}` === VERIFY);
  expect(asked.map(({ query }) => query.get("flow"))).toEqual(["new-1"]);
});
