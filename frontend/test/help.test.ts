import { expect, test } from "vitest";
import { picture } from "./support/browser.ts";
import { providePages } from "./support/pages.ts";

const it = providePages();

const headingInView = (name: string) =>
  it.page.getByRole("heading", { name }).evaluate((heading) => {
    const { top } = heading.getBoundingClientRect();
    return { seen: top >= 0 && top < window.innerHeight / 2, focused: document.activeElement === heading };
  });

test("answers every question, to anybody", async () => {
  await it.open("/help");
  expect(await it.page.title()).toBe("Help with passkeys · Passbridge");
  expect(await it.page.getByRole("main").getByRole("heading", { level: 2 }).allTextContents()).toEqual([
    "What are passkeys?",
    "Where are they saved?",
    "Which devices and browsers work?",
    "What can I do when it fails?",
    "I lost my device",
    "What are recovery codes for?",
    "I got a mail about a change I did not make",
  ]);
  expect(it.server.seen.filter(({ path }) => path.startsWith("/api"))).toEqual([]);
  expect(await it.page.getByRole("contentinfo").count()).toBe(0);
  await picture(it.page, "help");
});

test("an anchor leads to its question, from outside and from the list", async () => {
  await it.open("/help#lost");
  await expect.poll(() => headingInView("I lost my device"), { timeout: 3_000 }).toEqual({ seen: true, focused: true });
  await it.page.getByRole("link", { name: "Where are they saved?" }).press("Enter");
  const found = () => headingInView("Where are they saved?");
  await expect.poll(found, { timeout: 3_000 }).toEqual({ seen: true, focused: true });
});

test("every link leads to a page that is there", async () => {
  await it.open("/help");
  const links = await it.page
    .getByRole("main")
    .getByRole("link")
    .evaluateAll((all) => all.map((one) => one.getAttribute("href")));
  const anchors = links.filter((link) => link?.includes("#")).map((link) => link?.split("#")[1]);
  for (const id of anchors) expect(await it.page.locator(`section#${id}`).count(), id).toBe(1);
  const pages = links.filter((link) => link?.startsWith("/") && !link.includes("#"));
  expect([...new Set(pages)].toSorted()).toEqual(["/account", "/login", "/recover", "/recover/recovery-code"]);
});

test("is one step away from sign-in, in a tab of its own, and what was typed stays", async () => {
  await it.open("/login");
  await it.page.getByLabel("E-mail").fill("ann@example.com");
  const opened = it.context.waitForEvent("page");
  await it.page.getByRole("contentinfo").getByRole("link", { name: "Help with passkeys" }).click();
  const help = await opened;
  await help.getByRole("heading", { name: "Help with passkeys" }).waitFor();
  expect(await it.page.getByLabel("E-mail").inputValue()).toBe("ann@example.com");
  expect(await help.evaluate(() => window.opener)).toBeNull();
});
