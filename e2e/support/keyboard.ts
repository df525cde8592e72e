import type { Locator } from "playwright-core";

const MOST_STOPS = 30;

/**
 * Presses Tab until the focus is there.
 * @throws Error when it cannot be reached in many presses.
 */
export async function tabTo(target: Locator): Promise<void> {
  const page = target.page();
  const focused = target.and(page.locator(":focus"));
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    await page.keyboard.press("Tab");
    if ((await focused.count()) > 0) return;
  }
  throw new Error(`${target} cannot be reached by keyboard`);
}
