import { beforeEach, expect, test } from "vitest";
import { addAuthenticator } from "./support/authenticator.ts";
import { picture } from "./support/browser.ts";
import { passkey, problem, registrationCeremony, session } from "./support/gateway-bodies.ts";
import { codeFlow, error, kratosError, settingsFlow } from "./support/kratos-flows.ts";
import { providePages } from "./support/pages.ts";

const it = providePages();
const KRATOS = "/.ory/kratos/self-service";
const RECOVER = `POST ${KRATOS}/recovery`;
const heading = (name: string) => it.page.getByRole("heading", { name }).waitFor();
const press = (name: string) => it.page.getByRole("button", { name }).click();
const asked = (method: string) => it.server.seen.filter((request) => request.method === method).map(({ path }) => path);

beforeEach(() => {
  it.server.on(RECOVER, ({ body }) =>
    typeof body === "object" && body !== null && "code" in body
      ? {
          status: 422,
          body: {
            error: { id: "browser_location_change_required" },
            redirect_browser_to: `${it.server.origin}/account?flow=settings-1`,
          },
        }
      : { body: codeFlow({ email: "ann@example.com" }) },
  );
  it.server.on(`GET ${KRATOS}/settings/flows`, { body: settingsFlow() });
  it.server.on(`POST ${KRATOS}/settings`, { body: settingsFlow("success") });
  it.server.on("GET /api/passkeys", {
    body: {
      passkeys: [passkey("old", "Old phone", "2026-02-01T08:00:00Z"), passkey("laptop", "Laptop")],
      max: 20,
      user_handle: "aGFuZGxl",
      rp_id: "localhost",
    },
  });
  it.server.on("DELETE /api/passkeys/old", { status: 204 });
  it.server.on("DELETE /api/auth/sessions", { body: { revoked: 2 } });
  it.server.on("GET /api/recovery-codes", { body: { remaining: 0, created_at: null } });
});

async function enterCode(): Promise<void> {
  await it.open("/recover?return_to=%2Freports");
  await it.page.getByLabel("E-mail").fill("ann@example.com");
  await press("Send the code");
  await it.page.getByLabel("Six-digit code").fill("923750");
  await heading("Choose a new password");
}

test("the whole way: code, password, passkey, lost passkeys, other sessions, recovery codes", async () => {
  await addAuthenticator(it.page);
  it.server.on("POST /api/passkeys/register/start", { body: registrationCeremony() });
  it.server.on("POST /api/passkeys/register/finish", { status: 201, body: { passkey: passkey("new", "Phone") } });
  await it.open("/recover?return_to=%2Freports");
  await picture(it.page, "recover");
  await it.page.getByLabel("E-mail").fill("ann@example.com");
  await press("Send the code");
  await it.page.getByText("If ann@example.com has an account").waitFor();
  await picture(it.page, "recover-code");
  await it.page.getByLabel("Six-digit code").fill("923750");
  await heading("Choose a new password");
  await picture(it.page, "recover-password");
  await it.page.getByLabel("New password").fill("another good phrase");
  await press("Save the password");
  await heading("Sign in faster next time");
  await picture(it.page, "recover-passkey");
  await press("Create a passkey");
  await heading("Remove lost passkeys?");
  await picture(it.page, "recover-lost");
  await press("Remove the chosen passkeys");
  await it.page.getByText("Choose at least one, or keep them all.").waitFor();
  await it.page.getByLabel("Old phone").check();
  await press("Remove the chosen passkeys");
  await heading("End other sessions?");
  await picture(it.page, "recover-sessions");
  it.server.on("GET /api/auth/session", { body: session() });
  await press("End other sessions");
  await heading("Keep a way back in");
  expect(new URL(it.page.url()).searchParams.get("return_to")).toBe("/reports");
  await press("Not now");
  await it.page.waitForURL("**/reports");
  expect(asked("DELETE")).toEqual(["/api/passkeys/old", "/api/auth/sessions"]);
});

test("each step but the code may be skipped", async () => {
  await enterCode();
  await press("Skip");
  await press("Not now");
  await press("Keep them all");
  await press("Keep them");
  await it.page.waitForURL("**/reports");
  expect(asked("DELETE")).toEqual([]);
});

test("newer versions of Kratos hand out the settings flow as a continuation", async () => {
  const next = [{ action: "show_settings_ui", flow: { id: "settings-1", url: "/account?flow=settings-1" } }];
  it.server.on(RECOVER, { body: { ...codeFlow({ state: "passed_challenge" }), continue_with: next } });
  await it.open("/recover");
  await it.page.getByLabel("E-mail").fill("ann@example.com");
  await press("Send the code");
  await heading("Choose a new password");
});

test("a wrong code is told at the field", async () => {
  it.server.on(RECOVER, ({ body }) => ({
    body: codeFlow({
      email: "ann@example.com",
      messages: JSON.stringify(body).includes('"code":') ? [error(4_060_006, "The recovery code is invalid")] : [],
    }),
  }));
  await it.open("/recover");
  await it.page.getByLabel("E-mail").fill("ann@example.com");
  await press("Send the code");
  await it.page.getByLabel("Six-digit code").fill("000000");
  await it.page.getByText("The code is not right, or it was used before.").waitFor();
});

test("a flow that ran out starts again with the address kept", async () => {
  it.server.on(RECOVER, ({ body }) =>
    JSON.stringify(body).includes('"code":"')
      ? kratosError("self_service_flow_expired", 410, { use_flow_id: "code-2" })
      : { body: codeFlow({ email: "ann@example.com" }) },
  );
  it.server.on(`GET ${KRATOS}/recovery/flows`, { body: codeFlow({ id: "code-2", state: "choose_method" }) });
  await it.open("/recover");
  await it.page.getByLabel("E-mail").fill("ann@example.com");
  await press("Send the code");
  await it.page.getByLabel("Six-digit code").fill("923750");
  await it.page.getByText("That code can't be used any more.").waitFor();
  expect(await it.page.getByLabel("E-mail").inputValue()).toBe("ann@example.com");
  await picture(it.page, "recover-expired");
});

test("a password that Kratos refuses stands at its field", async () => {
  const weak = error(4_000_034, "found in data breaches");
  it.server.on(`POST ${KRATOS}/settings`, { status: 400, body: settingsFlow("show_form", weak) });
  await enterCode();
  await it.page.getByLabel("New password").fill("password123");
  await press("Save the password");
  await it.page.getByText("This password was found in data leaks. Choose another one.").waitFor();
  await picture(it.page, "recover-weak-password");
});

test("no passkeys: the question is passed over", async () => {
  it.server.on("GET /api/passkeys", { body: { passkeys: [], max: 20, user_handle: "aGFuZGxl", rp_id: "localhost" } });
  await enterCode();
  await press("Skip");
  await press("Not now");
  await press("Keep them");
  await it.page.waitForURL("**/reports");
});

test("passkeys that cannot be listed: told, with a way on", async () => {
  it.server.on("GET /api/passkeys", problem(503, "dependency_unavailable"));
  await enterCode();
  await press("Skip");
  await press("Not now");
  await it.page.getByText("We can't check this right now.").waitFor();
  await picture(it.page, "recover-lost-outage");
  await press("Skip");
  await heading("End other sessions?");
  await press("Keep them");
  await it.page.waitForURL("**/reports");
});

test("other sessions that cannot be ended: told, with a way on", async () => {
  it.server.on("DELETE /api/auth/sessions", problem(503, "dependency_unavailable"));
  await enterCode();
  await press("Skip");
  await press("Not now");
  await press("Keep them all");
  await press("End other sessions");
  await it.page.getByText("We can't check this right now.").waitFor();
  await press("Keep them");
  await it.page.waitForURL("**/reports");
});

test("who comes by the link of a mail about a change is told what to do", async () => {
  await it.open("/recover?reason=not_me");
  await it.page.getByText("You did not make that change?").waitFor();
  await picture(it.page, "recover-not-me");
});

test("and where they are signed in, they look after passkeys and sessions at once", async () => {
  it.server.on(`GET ${KRATOS}/recovery/browser`, kratosError("session_already_available", 400));
  await it.open("/recover?reason=not_me");
  await heading("Remove lost passkeys?");
  await it.page.getByLabel("Old phone").check();
  await press("Remove the chosen passkeys");
  await press("End other sessions");
  await it.page.waitForURL(`${it.server.origin}/`);
  expect(asked("DELETE")).toEqual(["/api/passkeys/old", "/api/auth/sessions"]);
});

test("somebody who is signed in changes the password in the account", async () => {
  it.server.on(`GET ${KRATOS}/recovery/browser`, kratosError("session_already_available", 400));
  await it.page.goto(`${it.server.origin}/recover`);
  await it.page.waitForURL("**/account");
});
