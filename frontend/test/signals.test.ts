import { expect, test } from "vitest";
import { passkey, session } from "./support/gateway-bodies.ts";
import { codeFlow, settingsFlow } from "./support/kratos-flows.ts";
import { providePages } from "./support/pages.ts";
import { listen } from "./support/signals.ts";

const KRATOS = "/.ory/kratos/self-service";
const it = providePages();
const account = { rpId: "localhost", userId: "aGFuZGxl" };
const accepted = (ids: readonly string[]) => ({
  signal: "signalAllAcceptedCredentials",
  options: { ...account, allAcceptedCredentialIds: ids },
});
const named = (name: string) => ({
  signal: "signalCurrentUserDetails",
  options: { ...account, name, displayName: name },
});

function keepPasskeys(ids: readonly string[]): void {
  const passkeys = ids.map((id) => passkey(id, `Passkey ${id}`));
  it.server.on("GET /api/passkeys", { body: { passkeys, max: 20, user_handle: "aGFuZGxl", rp_id: "localhost" } });
}

test("a new address is told to the browser as soon as the account has it", async () => {
  const heard = await listen(it.page);
  keepPasskeys(["one"]);
  it.server.on("GET /api/auth/session", { body: session("password", "anne@example.com") });
  it.server.on(`GET ${KRATOS}/verification/flows`, ({ query }) => ({ body: codeFlow({ id: query.get("id") ?? "" }) }));
  const flow = { id: "verify-2", verifiable_address: "ann@example.com", url: "/verify?flow=verify-2" };
  it.server.on(`POST ${KRATOS}/settings`, () => {
    it.server.on("GET /api/auth/session", { body: session("password", "ann@example.com") });
    return { body: { ...settingsFlow("success"), continue_with: [{ action: "show_verification_ui", flow }] } };
  });
  await it.open("/verify?flow=code-1");
  await it.page.getByRole("button", { name: "Change the e-mail address" }).click();
  await it.page.getByLabel("E-mail").fill("ann@example.com");
  expect(heard).toEqual([]);
  await it.page.getByRole("button", { name: "Send the code" }).click();
  await expect.poll(() => heard).toEqual([accepted(["one"]), named("ann@example.com")]);
});

test("an address that is proved tells the browser which passkeys are left", async () => {
  const heard = await listen(it.page);
  keepPasskeys([]);
  it.server.on("GET /api/auth/session", { body: session("password") });
  const email = "ann@example.com";
  it.server.on(`GET ${KRATOS}/verification/flows`, { body: codeFlow({ email }) });
  it.server.on(`POST ${KRATOS}/verification`, { body: codeFlow({ email, state: "passed_challenge" }) });
  await it.open("/verify?flow=code-1");
  await it.page.getByLabel("Six-digit code").fill("123456");
  await it.page.getByRole("heading", { name: "Your e-mail is confirmed" }).waitFor();
  await expect.poll(() => heard).toContainEqual(accepted([]));
});

test("a passkey the gateway no longer knows is told to the browser by its id", async () => {
  const heard = await listen(it.page);
  await it.page.addInitScript(() => {
    const response = { authenticatorData: "AAAA", clientDataJSON: "e30", signature: "AAAA" };
    const json = { id: "b2xk", rawId: "b2xk", type: "public-key", clientExtensionResults: {}, response };
    const answer = Object.create(PublicKeyCredential.prototype, { toJSON: { value: () => json } });
    navigator.credentials.get = async (options) =>
      options?.mediation === "conditional" ? new Promise<null>(() => undefined) : answer;
  });
  const unknown = { code: "credential_unknown", status: 404, detail: "unknown" };
  it.server.on("POST /api/passkeys/login/finish", { status: 404, body: unknown });
  await it.open("/login");
  await it.page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await it.page.getByText("That passkey is no longer known here. It may have been removed.").waitFor();
  const told = { signal: "signalUnknownCredential", options: { rpId: "localhost", credentialId: "b2xk" } };
  await expect.poll(() => heard).toEqual([told]);
});

test("passkeys removed after a recovery are told before the next page", async () => {
  const heard = await listen(it.page);
  keepPasskeys(["old", "laptop"]);
  it.server.on("GET /api/auth/session", { body: session("password") });
  it.server.on("DELETE /api/passkeys/old", () => {
    keepPasskeys(["laptop"]);
    return { status: 204 };
  });
  const to = { error: { id: "browser_location_change_required" }, redirect_browser_to: "/account?flow=settings-1" };
  it.server.on(`GET ${KRATOS}/recovery/flows`, { body: codeFlow({ email: "ann@example.com" }) });
  it.server.on(`POST ${KRATOS}/recovery`, { status: 422, body: to });
  await it.open("/recover?flow=code-1&return_to=%2Freports");
  await it.page.getByLabel("Six-digit code").fill("923750");
  await it.page.getByRole("button", { name: "Skip" }).click();
  await it.page.getByRole("button", { name: "Not now" }).click();
  await it.page.getByLabel("Passkey old").check();
  await it.page.getByRole("button", { name: "Remove the chosen passkeys" }).click();
  await expect.poll(() => heard).toContainEqual(accepted(["laptop"]));
});
