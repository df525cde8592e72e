import { describe, expect, test } from "vitest";
import { neverAutofill } from "./support/authenticator.ts";
import { picture } from "./support/browser.ts";
import { codeFlow } from "./support/kratos-flows.ts";
import { providePages } from "./support/pages.ts";

const it = providePages();
const LOGIN_BUDGET = 180_000;
const focused = () =>
  it.page.evaluate(() => document.activeElement?.textContent || document.activeElement?.getAttribute("name"));

/** Everything the page's load brought over the network, headers included. */
async function transferred(path: string): Promise<number> {
  const cdp = await it.context.newCDPSession(it.page);
  await cdp.send("Network.enable");
  let bytes = 0;
  cdp.on("Network.loadingFinished", ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  await it.page.goto(it.server.origin + path, { waitUntil: "networkidle" });
  return bytes;
}

/** The sum of all layout shifts since the page was loaded (Core Web Vitals' raw material). */
function layoutShift(): Promise<number> {
  return it.page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let sum = 0;
        const observer = new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) sum += Number(Reflect.get(entry, "value"));
        });
        observer.observe({ type: "layout-shift", buffered: true });
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum)));
      }),
  );
}

describe("the sign-in page's weight", () => {
  test("is under 180 kB, and nothing moves once it is drawn", async () => {
    expect(await transferred("/login")).toBeLessThan(LOGIN_BUDGET);
    await it.page.getByRole("button", { name: "Sign in with a passkey" }).waitFor();
    expect(await layoutShift()).toBe(0);
  });

  test.each(["/register", "/recover", "/verify?flow=code-1"])("%s: nothing moves either", async (path) => {
    it.server.on("GET /.ory/kratos/self-service/verification/flows", { body: codeFlow() });
    await it.page.goto(it.server.origin + path, { waitUntil: "networkidle" });
    await it.page.locator("form").waitFor();
    expect(await layoutShift()).toBe(0);
  });
});

describe("by keyboard alone", () => {
  test("the sign-in page goes in reading order", async () => {
    await it.open("/login");
    const order: unknown[] = [];
    for (let stop = 0; stop < 7; stop += 1) {
      await it.page.keyboard.press("Tab");
      order.push(await focused());
    }
    expect(order).toEqual([
      "email",
      "Sign in with a passkey",
      "password",
      null,
      "Forgot it?",
      "Sign in with password",
      "Create an account",
    ]);
  });

  test("signs in", async () => {
    it.server.on("POST /.ory/kratos/self-service/login", { body: { session: {} } });
    await neverAutofill(it.page);
    await it.open("/login?return_to=%2Freports");
    await it.page.keyboard.press("Tab");
    await it.page.keyboard.type("ann@example.com");
    await it.page.keyboard.press("Tab");
    await it.page.keyboard.press("Tab");
    await it.page.keyboard.type("correct horse");
    await it.page.keyboard.press("Enter");
    await it.page.waitForURL("**/reports");
  });

  test("focus goes to the heading after navigation, and the title changes", async () => {
    await it.open("/login");
    await it.page.getByRole("link", { name: "Create an account" }).press("Enter");
    await it.page.getByRole("heading", { name: "Create your account" }).waitFor();
    await expect.poll(focused, { timeout: 3_000 }).toBe("Create your account");
    expect(await it.page.title()).toBe("Create your account · Passbridge");
    await it.page.goBack();
    await expect.poll(focused, { timeout: 3_000 }).toBe("Sign in");
  });
});

test("targets are 44 pixels high", async () => {
  await it.open("/login");
  const heights = await it.page
    .locator("button, input, a")
    .evaluateAll((elements) => elements.map((element) => element.getBoundingClientRect().height));
  expect(Math.min(...heights)).toBeGreaterThanOrEqual(44);
});

test("forced colours keep every border", async () => {
  await it.open("/login");
  await picture(it.page, "login-forced-colors", { forcedColors: true });
  const borders = await it.page
    .locator(".card, .button, .field__input")
    .evaluateAll((elements) => elements.map((element) => getComputedStyle(element).borderTopWidth));
  expect(borders.filter((width) => Number.parseFloat(width) < 1)).toEqual([]);
});

test("a chunk that cannot be loaded: words and a way to load again", async () => {
  await it.context.route("**/recover-page-*.js", (route) => route.abort());
  await it.open("/login");
  await it.page.getByRole("link", { name: "Forgot it?" }).click();
  await it.page.getByRole("heading", { name: "Something went wrong" }).waitFor();
  await picture(it.page, "error-crashed");
  await it.context.unroute("**/recover-page-*.js");
  it.faults.length = 0;
  await it.page.getByRole("button", { name: "Load the page again" }).click();
  await it.page.locator("h1").waitFor();
});
