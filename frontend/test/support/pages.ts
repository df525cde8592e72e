import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject } from "vitest";
import { launchBrowser, openPage } from "./browser.ts";
import { loginCeremony, SETTINGS } from "./gateway-bodies.ts";
import { codeFlow, loginFlow, registrationFlow, settingsFlow } from "./kratos-flows.ts";
import { type MockServer, startMockServer } from "./mock-server.ts";

const KRATOS = "/.ory/kratos/self-service";

export type Pages = {
  readonly server: MockServer;
  readonly context: BrowserContext;
  readonly page: Page;
  /** Opens one of the pages and waits until its heading is there. */
  open(path: string): Promise<void>;
  /** The page's own script errors and policy violations so far. */
  readonly faults: string[];
};

/** A gateway at which nobody is signed in and all goes well. */
export function answerWell(server: MockServer): void {
  server.on("GET /.passbridge/config.json", { body: SETTINGS });
  server.on("GET /api/auth/session", { body: { authenticated: false } });
  server.on("POST /api/passkeys/login/start", () => ({ body: loginCeremony() }));
  server.on(`GET ${KRATOS}/login/browser`, { body: loginFlow() });
  server.on(`GET ${KRATOS}/registration/browser`, { body: registrationFlow() });
  server.on(`GET ${KRATOS}/verification/browser`, { body: codeFlow({ id: "new-1", state: "choose_method" }) });
  server.on(`GET ${KRATOS}/recovery/browser`, { body: codeFlow({ id: "new-1", state: "choose_method" }) });
  server.on(`GET ${KRATOS}/settings/browser`, { body: settingsFlow() });
}

/**
 * A browser and a played gateway for a test file: a fresh context for each test, and no test leaves a script error or
 * a violation of the content security policy behind.
 */
export function providePages(): Pages {
  let browser: Browser;
  const pages: { -readonly [Key in keyof Pages]?: Pages[Key] } = {};
  const current = <Key extends keyof Pages>(key: Key): Pages[Key] => {
    const value = pages[key];
    if (value === undefined) throw new Error(`${key} is there only inside a test`);
    return value;
  };
  beforeAll(async () => {
    browser = await launchBrowser();
    pages.server = await startMockServer(inject("pagesFolder"));
  });
  afterAll(async () => {
    await browser.close();
    await pages.server?.stop();
  });
  beforeEach(async () => {
    current("server").reset();
    answerWell(current("server"));
    pages.context = await browser.newContext({ viewport: { width: 1280, height: 780 }, reducedMotion: "reduce" });
    Object.assign(pages, await openPage(pages.context));
  });
  afterEach(async () => {
    const { faults = [] } = pages;
    await pages.context?.close();
    expect(faults).toEqual([]);
  });
  return {
    get server() {
      return current("server");
    },
    get context() {
      return current("context");
    },
    get page() {
      return current("page");
    },
    get faults() {
      return current("faults");
    },
    open: async (path) => {
      await current("page").goto(current("server").origin + path);
      await current("page").locator("h1").first().waitFor();
    },
  };
}
