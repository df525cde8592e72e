import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject } from "vitest";
import { loadStaticFiles, type StaticFiles } from "../../dashboard/server/static-files.ts";
import { type AccountBackend, startAccountBackend } from "./account-backend.ts";
import { passkey } from "./account-bodies.ts";
import { addAuthenticator } from "./authenticator.ts";
import { launchBrowser, openPage, picture } from "./browser.ts";
import { provider } from "./provider-icons.ts";

const VIEWPORT = { width: 1280, height: 780 };

export type Account = {
  readonly backend: AccountBackend;
  readonly page: Page;
  /** Opens /account and waits for its sections. */
  open(query?: string): Promise<void>;
  /** Keeps pictures of the state, in which axe must find nothing. */
  look(name: string): Promise<void>;
  button(name: string): Locator;
  text(words: string): Locator;
  dialog(): Locator;
  nameField(): Locator;
};

const APPLE = provider("fbfc3007-154e-4ecc-8c0b-6e020557d7bd");
const SAFARI =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1";

/** Two passkeys of one provider, and a security key. */
export const threePasskeys = () => [
  passkey({
    id: "one",
    name: "Phone",
    provider: APPLE,
    last_used_at: "2026-03-01T10:00:00Z",
    last_used_from: { user_agent: SAFARI, ip: "2001:db8::7" },
  }),
  passkey({
    id: "two",
    name: "Laptop",
    provider: APPLE,
    created_at: "2026-02-01T10:00:00Z",
  }),
  passkey({
    id: "key",
    name: "Blue key",
    device_type: "single_device",
    backed_up: false,
    transports: ["usb", "nfc"],
    attestation: "verified",
  }),
];

/** A browser with an authenticator, and a backend of its own for each test of a file. */
export function provideAccount(): Account {
  let files: StaticFiles;
  let browser: Browser;
  let backend: AccountBackend;
  let page: Page;
  let faults: string[];

  beforeAll(async () => {
    [files, browser] = await Promise.all([loadStaticFiles(inject("pagesFolder")), launchBrowser()]);
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    backend = await startAccountBackend(files);
    const context = await browser.newContext({ viewport: VIEWPORT, locale: "en-GB", reducedMotion: "reduce" });
    ({ page, faults } = await openPage(context));
    await addAuthenticator(page);
  });
  afterEach(async () => {
    await page.context().close();
    await backend.close();
    expect(faults).toEqual([]);
  });

  return {
    get backend() {
      return backend;
    },
    get page() {
      return page;
    },
    async open(query = "") {
      await page.goto(`${backend.origin}/account${query}`);
      await page.getByRole("heading", { name: "Passkeys" }).waitFor();
    },
    async look(name) {
      await picture(page, `account-${name}`);
      await page.setViewportSize(VIEWPORT);
    },
    button: (name) => page.getByRole("button", { name, exact: true }),
    text: (words) => page.getByText(words),
    dialog: () => page.getByRole("dialog").or(page.getByRole("alertdialog")),
    nameField: () => page.getByRole("textbox", { name: "Name" }),
  };
}
