import type { CDPSession } from "playwright-core";
import { expect, test } from "vitest";
import { provideShared } from "./support/shared.ts";
import { heading } from "./support/steps.ts";

const { origin, people } = provideShared();

const MOST_BYTES = 180_000;

const OBSERVE_SHIFTS = `{
  window.shifted = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.shifted += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
}`;

/** Adds up what comes over the wire, headers included. */
async function countBytes(cdp: CDPSession): Promise<() => number> {
  let bytes = 0;
  cdp.on("Network.loadingFinished", ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  await cdp.send("Network.enable");
  return () => bytes;
}

test("the sign-in page does not move after it is drawn, and is light", async () => {
  const ann = await people.arrive();
  await ann.page.addInitScript({ content: OBSERVE_SHIFTS });
  const bytes = await countBytes(await ann.context.newCDPSession(ann.page));
  await ann.page.goto(`${origin}/login`, { waitUntil: "networkidle" });
  await heading(ann.page, "Sign in").waitFor();
  await ann.page.getByLabel("E-mail").fill(ann.email);
  expect(await ann.page.evaluate("window.shifted")).toBe(0);
  expect(bytes()).toBeGreaterThan(10_000);
  expect(bytes()).toBeLessThan(MOST_BYTES);
});
