import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { CHECKOUT } from "../../scripts/checkout.ts";

const SCREENS = join(CHECKOUT, "artifacts/screens/e2e");

/** axe sees both widths and both colour schemes; each of the four with axe would find nothing more, and take twice as long. */
const LOOKS = [
  { width: 1280, scheme: "light", axe: true },
  { width: 1280, scheme: "dark", axe: false },
  { width: 360, scheme: "light", axe: false },
  { width: 360, scheme: "dark", axe: true },
] as const;

const OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth";

async function violations(page: Page): Promise<string[]> {
  // Without it axe opens a page of its own for its report, which takes the focus from this one.
  const { violations: found } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`);
}

/** One picture; a dialog is taken as the screen shows it, because its backdrop covers no more than that. */
async function takePicture(page: Page, what: string): Promise<void> {
  const fullPage = (await page.locator("[role=dialog], [role=alertdialog]").count()) === 0;
  await page.screenshot({ path: join(SCREENS, `${what}.png`), fullPage, animations: "disabled" });
}

/**
 * Looks at the page as it is: pictures at both widths and in both colour schemes. It never scrolls sideways, and axe
 * finds nothing, neither wide nor narrow, neither light nor dark.
 */
export async function look(page: Page, name: string): Promise<void> {
  await mkdir(SCREENS, { recursive: true });
  const before = page.viewportSize();
  for (const { width, scheme, axe } of LOOKS) {
    const what = `${name}-${width}-${scheme}`;
    await page.setViewportSize({ width, height: 780 });
    await page.emulateMedia({ colorScheme: scheme });
    await takePicture(page, what);
    expect(await page.evaluate<number>(OVERFLOW), `${what} scrolls sideways`).toBeLessThanOrEqual(0);
    if (axe) expect(await violations(page), what).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: null });
  if (before) await page.setViewportSize(before);
}
