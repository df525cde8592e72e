import type { Page } from "playwright-core";
import { passkey, registrationCeremony } from "./gateway-bodies.ts";
import type { Pages } from "./pages.ts";

/** A platform authenticator with user verification, by the DevTools protocol. */
export async function addAuthenticator(page: Page): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      ctap2Version: "ctap2_1",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

/** Has conditional mediation wait for ever, as with a person who never opens the field's autofill. */
export async function neverAutofill(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const get = navigator.credentials.get.bind(navigator.credentials);
    navigator.credentials.get = (options) =>
      options?.mediation === "conditional"
        ? new Promise((_, reject) => {
            options.signal?.addEventListener("abort", () => reject(options.signal?.reason));
          })
        : get(options);
  });
}

/** Has every modal prompt end as when the person closes it. */
export async function closePrompts(page: Page): Promise<void> {
  await neverAutofill(page);
  await page.addInitScript(() => {
    const get = navigator.credentials.get.bind(navigator.credentials);
    const closed = () => Promise.reject(new DOMException("closed", "NotAllowedError"));
    navigator.credentials.get = (options) => (options?.mediation === "conditional" ? get(options) : closed());
    navigator.credentials.create = closed;
  });
}

/** Has the browser say what it can do beyond WebAuthn's basics, whatever it can do. */
export async function sayCapabilities(page: Page, capabilities: Readonly<Record<string, boolean>>): Promise<void> {
  await page.addInitScript((said) => {
    Object.assign(PublicKeyCredential, { getClientCapabilities: () => Promise.resolve(said) });
  }, capabilities);
}

/** Makes a real passkey on a virtual authenticator, through the page that offers one. */
export async function createPasskey(it: Pages): Promise<void> {
  await addAuthenticator(it.page);
  it.server.on("POST /api/passkeys/register/start", () => ({ body: registrationCeremony() }));
  it.server.on("POST /api/passkeys/register/finish", { status: 201, body: { passkey: passkey("pk-1", "Phone") } });
  await it.open("/register/passkey-offer?signup=1");
  await it.page.getByRole("button", { name: "Create a passkey" }).click();
  await it.page.waitForURL(`${it.server.origin}/`);
}
