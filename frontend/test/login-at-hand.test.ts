import { beforeEach, describe, expect, test } from "vitest";
import { addAuthenticator, neverAutofill, sayCapabilities } from "./support/authenticator.ts";
import { picture } from "./support/browser.ts";
import { loginCeremony, session } from "./support/gateway-bodies.ts";
import { providePages } from "./support/pages.ts";

const it = providePages();
const START = "POST /api/passkeys/login/start";
const FINISH = "POST /api/passkeys/login/finish";
const NOTHING = "No passkey on this device was used.";
const button = () => it.page.getByRole("button", { name: "Sign in with a passkey" });
const focused = () => it.page.evaluate(() => document.activeElement?.getAttribute("name"));

type Asked = { readonly uiMode: string | null; readonly allowed: number };

/** Keeps how the browser was asked for a passkey by the button, and answers as one without any. */
async function watchPrompts(): Promise<() => Promise<Asked[]>> {
  await it.page.addInitScript(() => {
    const asked: Asked[] = [];
    Object.assign(window, { asked });
    const get = navigator.credentials.get.bind(navigator.credentials);
    navigator.credentials.get = (options: CredentialRequestOptions & { uiMode?: string } = {}) => {
      if (options.mediation === "conditional") return get(options);
      asked.push({ uiMode: options.uiMode ?? null, allowed: options.publicKey?.allowCredentials?.length ?? 0 });
      return Promise.reject(new DOMException("closed", "NotAllowedError"));
    };
  });
  return () => it.page.evaluate<Asked[]>("window.asked");
}

describe("a browser that can say at once that it has no passkey at hand", () => {
  beforeEach(() => neverAutofill(it.page));

  test("goes on to the password instead of a dialog, and to the dialog at the second press", async () => {
    const prompts = await watchPrompts();
    await sayCapabilities(it.page, { immediateGet: true });
    await it.open("/login");
    await it.page.getByLabel("E-mail").fill("ann@example.com");
    await button().click();
    await it.page.getByText(NOTHING).waitFor();
    expect(await focused()).toBe("password");
    await it.page.getByText("Also from your phone or a security key.").waitFor();
    await picture(it.page, "login-nothing-at-hand");
    await button().click();
    await it.page.getByText("The passkey prompt was closed or timed out.").waitFor();
    expect(await prompts()).toEqual([
      { uiMode: "immediate", allowed: 0 },
      { uiMode: null, allowed: 0 },
    ]);
  });

  test("without an e-mail it goes on to that", async () => {
    await addAuthenticator(it.page);
    await it.open("/login");
    await button().click();
    await it.page.getByText(NOTHING).waitFor();
    expect(await focused()).toBe("email");
  });

  test("is asked as ever for the passkeys of one account, where they are named", async () => {
    const prompts = await watchPrompts();
    await sayCapabilities(it.page, { immediateGet: true });
    const ceremony = loginCeremony();
    const allowCredentials = [{ id: "AAAA", type: "public-key" }];
    it.server.on(START, { body: { ...ceremony, options: { ...ceremony.options, allowCredentials } } });
    await it.open("/login");
    await it.page.getByLabel("E-mail").fill("ann@example.com");
    await it.page.keyboard.press("Enter");
    await it.page.getByText("The passkey prompt was closed or timed out.").waitFor();
    expect(await prompts()).toEqual([{ uiMode: null, allowed: 1 }]);
    const started = it.server.seen.filter(({ path }) => START.endsWith(path)).map(({ body }) => body);
    expect(started).toContainEqual({ username: "ann@example.com" });
  });

  test("is not asked that way again where the last passkey was on another device", async () => {
    const prompts = await watchPrompts();
    await sayCapabilities(it.page, { immediateGet: true });
    await it.open("/login");
    await it.page.evaluate(() => localStorage.setItem("passbridge:last-method", "passkey:elsewhere"));
    await it.open("/login");
    await it.page.getByText("You used a passkey last time.").waitFor();
    await button().click();
    await it.page.getByText("The passkey prompt was closed or timed out.").waitFor();
    expect(await prompts()).toEqual([{ uiMode: null, allowed: 0 }]);
  });
});

describe.each([{ immediateGet: false }, {}])("a browser that says %j", (capabilities) => {
  test("shows its dialog at once", async () => {
    await neverAutofill(it.page);
    const prompts = await watchPrompts();
    await sayCapabilities(it.page, capabilities);
    it.server.on(FINISH, { body: session() });
    await it.open("/login");
    await button().click();
    await it.page.getByText("The passkey prompt was closed or timed out.").waitFor();
    expect(await prompts()).toEqual([{ uiMode: null, allowed: 0 }]);
  });
});

test("somebody who has a passkey but used a password where one is required is told which to use", async () => {
  const signedIn = session("password");
  it.server.on("GET /api/auth/session", {
    body: { ...signedIn, passkeys: { count: 1, prompt: false, enforcement: "required" } },
  });
  await it.open("/login?reauthenticate=1&return_to=%2Freports");
  await it.page.getByText("a password alone does not lead on").waitFor();
  await picture(it.page, "login-passkey-required");
});
