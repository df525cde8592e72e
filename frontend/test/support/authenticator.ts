import type { Page } from "playwright-core";

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
