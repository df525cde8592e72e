import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { CHECKOUT } from "../../scripts/checkout.ts";
import { type Authenticator, addAuthenticator } from "./authenticator.ts";
import { launchChromium } from "./chromium.ts";

/** Somebody at a browser of their own. */
export type Person = {
  readonly email: string;
  password: string;
  readonly context: BrowserContext;
  readonly page: Page;
  readonly device: Authenticator;
  /** Opens an address of the origin. */
  open(path: string): Promise<void>;
};

export type People = {
  /** Somebody new, without an account or cookies. */
  arrive(): Promise<Person>;
  /** The same person at another browser, without cookies and passkeys. */
  moveOn(person: Person): Promise<Person>;
};

type Faults = { readonly page: Page; readonly found: string[] };

/** What the browser itself notes of a refused request or WebSocket: part of many tests. */
const NETWORK_NOTE = /^(Failed to load resource|WebSocket connection to )/;

/** The page's own script errors and policy violations. */
function collectFaults(page: Page): Faults {
  const found: string[] = [];
  page.on("pageerror", (error) => found.push(String(error)));
  page.on("console", (message) => {
    if (message.type() !== "error" || NETWORK_NOTE.test(message.text())) return;
    found.push(message.text());
  });
  return { page, found };
}

async function pictureFailure(pages: readonly Page[], test: string): Promise<void> {
  const folder = join(CHECKOUT, "artifacts/e2e");
  await mkdir(folder, { recursive: true });
  const name = test.replaceAll(/\W+/g, "-");
  const shots = pages.map((page, index) => page.screenshot({ path: join(folder, `failed-${name}-${index}.png`) }));
  await Promise.allSettled(shots);
}

const newPassword = () => `${randomBytes(9).toString("base64url")} tide`;

/**
 * One browser for a test file, and people who come and go with each test. A test that fails leaves pictures of all
 * their pages in artifacts/e2e; none may leave a script error or a violation of the content security policy behind.
 * @param origin where they go, once it is known.
 * @param home see launchChromium.
 */
export function providePeople(origin: () => string, home?: () => string): People {
  let browser: Browser;
  let watched: Faults[] = [];
  const enter = async (email: string, password: string): Promise<Person> => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" });
    context.setDefaultTimeout(20_000);
    const page = await context.newPage();
    watched.push(collectFaults(page));
    const device = await addAuthenticator(page);
    const open = async (path: string) => void (await page.goto(origin() + path));
    return { email, password, context, page, device, open };
  };
  beforeAll(async () => {
    browser = await launchChromium(home?.());
  });
  afterAll(() => browser.close());
  afterEach(async ({ task }) => {
    const left = watched;
    watched = [];
    const failed = task.result?.state === "fail";
    if (failed) {
      await pictureFailure(
        left.map(({ page }) => page),
        task.name,
      );
    }
    await Promise.all(browser.contexts().map((context) => context.close()));
    if (!failed) expect(left.flatMap(({ found }) => found)).toEqual([]);
  });
  return {
    arrive: () => enter(`ann-${randomBytes(6).toString("hex")}@example.com`, newPassword()),
    moveOn: ({ email, password }) => enter(email, password),
  };
}
