import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { expect } from "vitest";

const CHROMIUM = "/usr/bin/chromium";
const SCREENS = join(import.meta.dirname, "../../../artifacts/screens");

const LOOKS = [
  { name: "360-light", width: 360, colorScheme: "light" },
  { name: "360-dark", width: 360, colorScheme: "dark" },
  { name: "1280-light", width: 1280, colorScheme: "light" },
  { name: "1280-dark", width: 1280, colorScheme: "dark" },
] as const;

/** The distribution's Chromium, headless. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
}

/** A page whose console errors and policy violations are collected. */
export async function openPage(context: BrowserContext): Promise<{ page: Page; faults: string[] }> {
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => {
    // A refused request is part of many tests; the browser's own note of it is none of ours.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
      faults.push(message.text());
  });
  return { page, faults };
}

export type PictureOptions = {
  /** axe knows nothing of forced colours, where the browser sees to the contrast. */
  readonly forcedColors?: boolean;
};

/** Pictures of the page as it is, at both widths and in both colour schemes; axe must find nothing in either scheme. */
export async function picture(page: Page, name: string, { forcedColors = false }: PictureOptions = {}): Promise<void> {
  await mkdir(SCREENS, { recursive: true });
  // A dialog is taken as the screen shows it, because its backdrop covers no more than that.
  const fullPage = (await page.locator("[role=dialog], [role=alertdialog]").count()) === 0;
  for (const look of LOOKS) {
    await page.setViewportSize({ width: look.width, height: 780 });
    await page.emulateMedia({ colorScheme: look.colorScheme, forcedColors: forcedColors ? "active" : "none" });
    await page.screenshot({ path: join(SCREENS, `${name}-${look.name}.png`), fullPage, animations: "disabled" });
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, `${name} ${look.name}: scrolls sideways`).toBeLessThanOrEqual(0);
    if (look.width === 360 && !forcedColors) await expectAccessible(page, `${name} ${look.name}`);
  }
}

/** axe finds nothing on the page. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`);
  expect(found, what).toEqual([]);
}
