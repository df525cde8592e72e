import { readFile } from "node:fs/promises";
import { beforeEach, describe, expect, test } from "vitest";
import { newCodes } from "./support/account-bodies.ts";
import { picture } from "./support/browser.ts";
import { problem, session } from "./support/gateway-bodies.ts";
import { providePages } from "./support/pages.ts";

const it = providePages();
const STATE = "GET /api/recovery-codes";
const CREATE = "POST /api/recovery-codes";
const CODES = newCodes();
const heading = (name: string) => it.page.getByRole("heading", { name }).waitFor();
const press = (name: string) => it.page.getByRole("button", { name, exact: true }).click();

beforeEach(() => {
  it.server.on("GET /api/auth/session", { body: session() });
  it.server.on(STATE, { body: { remaining: 0, created_at: null } });
  it.server.on(CREATE, () => {
    it.server.on(STATE, { body: { remaining: 10, created_at: "2026-03-04T12:00:00Z" } });
    return { status: 201, body: { codes: CODES } };
  });
});

async function make(): Promise<void> {
  await it.open("/recovery-codes?return_to=%2Freports");
  await press("Make recovery codes");
  await heading("Save your recovery codes");
}

describe("the offer after the first passkey", () => {
  test("may be declined", async () => {
    await it.open("/recovery-codes?return_to=%2Freports");
    await it.page.getByRole("button", { name: "Make recovery codes" }).waitFor();
    await picture(it.page, "recovery-codes-offer");
    await press("Not now");
    await it.page.waitForURL("**/reports");
    expect(it.server.seen.some(({ method, path }) => method === "POST" && path === "/api/recovery-codes")).toBe(false);
  });

  test("shows ten codes, and goes on once they are saved", async () => {
    await make();
    const list = it.page.getByRole("list", { name: "Your recovery codes" });
    expect(await list.getByRole("listitem").allTextContents()).toEqual(CODES);
    await picture(it.page, "recovery-codes-new");
    await expect
      .poll(() => it.page.evaluate(() => document.activeElement?.textContent))
      .toBe("Save your recovery codes");
    await press("I have saved them");
    await it.page.waitForURL("**/reports");
  });

  test("leaves those alone who have codes, and asks before it voids them", async () => {
    it.server.on(STATE, { body: { remaining: 2, created_at: "2026-03-04T12:00:00Z" } });
    await it.open("/recovery-codes");
    await it.page.getByText("2 of 10 codes left, made on Mar 4, 2026.").waitFor();
    await it.page.getByText("Few codes are left.").waitFor();
    await picture(it.page, "recovery-codes-few");
    await press("Make new codes");
    await it.page.getByText("The codes you have now stop working at once.").waitFor();
    await picture(it.page, "recovery-codes-replace");
    await press("Keep the old ones");
    await it.page.getByRole("alertdialog").waitFor({ state: "hidden" });
    await press("Make new codes");
    await it.page.getByRole("alertdialog").getByRole("button", { name: "Make new codes" }).click();
    await heading("Save your recovery codes");
  });

  test("sends somebody who is signed out to sign-in and back here", async () => {
    it.server.on("GET /api/auth/session", { body: { authenticated: false } });
    await it.page.goto(`${it.server.origin}/recovery-codes?return_to=%2Freports`);
    await it.page.waitForURL(/\/login\?/);
    expect(new URL(it.page.url()).searchParams.get("return_to")).toBe("/recovery-codes?return_to=%2Freports");
  });

  test("says when the codes can't be asked for or made, with a way on", async () => {
    it.server.on(STATE, problem(503, "dependency_unavailable"));
    await it.open("/recovery-codes?return_to=%2Freports");
    await it.page.getByText("We can't check this right now.").waitFor();
    await picture(it.page, "recovery-codes-away");
    it.server.on(STATE, { body: { remaining: 0, created_at: null } });
    await press("Try again");
    it.server.on(CREATE, problem(503, "dependency_unavailable"));
    await press("Make recovery codes");
    await it.page.getByText("We can't check this right now.").waitFor();
    await press("Not now");
    await it.page.waitForURL("**/reports");
  });

  test("asks who is there where the sign-in is old, and makes them then", async () => {
    it.server.on(CREATE, problem(403, "reauthentication_required"));
    await it.open("/recovery-codes");
    await press("Make recovery codes");
    await heading("Confirm it's you");
    await press("Cancel");
    await it.page.getByRole("dialog").waitFor({ state: "detached" });
    await it.page.getByRole("button", { name: "Make recovery codes" }).waitFor();
  });
});

describe("the codes", () => {
  const sheet = (made: string) =>
    [
      "Passbridge: recovery codes",
      made,
      "",
      ...CODES,
      "",
      `Each code signs you in once, at ${it.server.origin}/recover/recovery-code`,
      "",
    ].join("\r\n");
  const forAnn = /^For ann@example\.com, made on .+\.$/;
  const expectSheet = (text: string) => {
    const made = text.split("\r\n")[1] ?? "";
    expect(made).toMatch(forAnn);
    expect(text).toBe(sheet(made));
  };

  test("are copied", async () => {
    await it.context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await make();
    await press("Copy");
    await it.page.getByRole("button", { name: "Copied" }).waitFor();
    const copied = await it.page.evaluate(() => navigator.clipboard.readText());
    expectSheet(copied.replaceAll(/\r?\n/g, "\r\n"));
  });

  test("are not copied where the browser does not allow it: told, with the other ways", async () => {
    await it.page.addInitScript(() => {
      Object.defineProperty(navigator, "clipboard", { value: undefined });
    });
    await make();
    await press("Copy");
    await it.page.getByText("This browser did not let us copy them.").waitFor();
    await picture(it.page, "recovery-codes-not-copied");
  });

  test("are downloaded as a text file", async () => {
    await make();
    const [download] = await Promise.all([it.page.waitForEvent("download"), press("Download")]);
    expect(download.suggestedFilename()).toBe("passbridge-recovery-codes.txt");
    expectSheet(await readFile(await download.path(), "utf8"));
  });

  test("are printed, and on paper there is nothing else", async () => {
    await it.page.addInitScript(() => {
      Object.assign(window, { print: () => Object.assign(window, { printed: true }) });
    });
    await make();
    await press("Print");
    expect(await it.page.evaluate(() => Reflect.get(window, "printed"))).toBe(true);
    await it.page.emulateMedia({ media: "print", colorScheme: "dark" });
    const shown = await it.page.locator("h1, h2, p, li, button, a, span").filter({ visible: true }).allTextContents();
    const lines = sheet(shown[1] ?? "").split("\r\n");
    expect(shown).toEqual(lines.filter(Boolean));
    expect(shown[1]).toMatch(forAnn);
    const pages = (await it.page.pdf({ format: "A4" })).toString("latin1").match(/\/Type \/Page\b/g);
    expect(pages).toHaveLength(1);
  });
});
