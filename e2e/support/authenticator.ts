import type { Page } from "playwright-core";

/** A device's own passkeys, as the person at it uses them. */
export type Authenticator = {
  /** How many passkeys it keeps. */
  count(): Promise<number>;
  /** Whether the person answers prompts; without it they stay open until they time out. */
  setPresent(present: boolean): Promise<void>;
  /** Whether fingerprint, face or screen lock are accepted. */
  setVerified(verified: boolean): Promise<void>;
  /** Takes this authenticator away and gives the device another one. */
  exchange(kind: AuthenticatorKind): Promise<void>;
  /** Has the person hold another authenticator beside this one. */
  accompany(kind: AuthenticatorKind): Promise<void>;
};

/** What the person holds: this device itself, or a key of one sort or another. */
export type AuthenticatorKind = keyof typeof KINDS;

const CTAP2 = {
  protocol: "ctap2",
  ctap2Version: "ctap2_1",
  isUserVerified: true,
  automaticPresenceSimulation: true,
} as const;

const KINDS = {
  device: { ...CTAP2, transport: "internal", hasResidentKey: true, hasUserVerification: true },
  key: { ...CTAP2, transport: "usb", hasResidentKey: true, hasUserVerification: true },
  key_without_verification: { ...CTAP2, transport: "usb", hasResidentKey: true, hasUserVerification: false },
  key_without_storage: { ...CTAP2, transport: "usb", hasResidentKey: false, hasUserVerification: true },
  u2f_key: { protocol: "u2f", transport: "usb", automaticPresenceSimulation: true },
} as const;

/** Gives the page's device a platform authenticator with user verification (DevTools protocol, domain WebAuthn). */
export async function addAuthenticator(page: Page): Promise<Authenticator> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const add = async (kind: AuthenticatorKind) =>
    (await cdp.send("WebAuthn.addVirtualAuthenticator", { options: KINDS[kind] })).authenticatorId;
  let authenticatorId = await add("device");
  return {
    count: async () => (await cdp.send("WebAuthn.getCredentials", { authenticatorId })).credentials.length,
    setPresent: (enabled) =>
      cdp.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId, enabled }).then(() => undefined),
    setVerified: (isUserVerified) =>
      cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified }).then(() => undefined),
    exchange: async (kind) => {
      await cdp.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId });
      authenticatorId = await add(kind);
    },
    accompany: (kind) => add(kind).then(() => undefined),
  };
}

/**
 * Has the person leave the e-mail field's autofill alone from the next page on: a virtual authenticator would pick a
 * passkey there at once, before any button can be reached.
 * @returns what ends it.
 */
export async function leaveAutofillAlone(page: Page): Promise<() => Promise<void>> {
  const script = await page.addInitScript({
    content: `{
      const get = navigator.credentials.get.bind(navigator.credentials);
      navigator.credentials.get = (options) => options?.mediation === "conditional"
        ? new Promise((_, reject) => options.signal?.addEventListener("abort", () => reject(options.signal.reason)))
        : get(options);
    }`,
  });
  return () => script.dispose();
}
