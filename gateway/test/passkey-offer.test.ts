import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { setPolicy, signInAdministrator } from "./support/administrator.ts";
import type { TestBrowser } from "./support/browser.ts";
import { answerOf, createPasskeyWorld, type PasskeyWorld, problem, register } from "./support/passkey-world.ts";

const DAY = 86_400_000;

let world: PasskeyWorld;
let admin: TestBrowser;
beforeAll(async () => {
  world = await createPasskeyWorld();
  admin = (await signInAdministrator(world)).browser;
});
afterAll(() => world.stop());

const passkeysIn = async (browser: TestBrowser) => (await answerOf(browser.fetch("/api/auth/session"))).body.passkeys;
const dismiss = (browser: TestBrowser) => answerOf(browser.post("/api/passkeys/prompt/dismiss"));
const show = (user: string, by = admin) => answerOf(by.fetch(`/api/passkeys/user/${user}`));

describe("the offer of a passkey", () => {
  it('comes by policy to those who have none, and rests for 30 days after a "not now"', async () => {
    let now = Date.now();
    const later = await createPasskeyWorld({ overrides: { clock: () => new Date(now) } });
    try {
      const person = later.people.add();
      const signInAgain = () => {
        person.authenticatedAt = new Date(now);
        return later.browser(person);
      };
      const offered = async () => ((await passkeysIn(signInAgain())) as { prompt: boolean }).prompt;
      expect(await offered()).toBe(false);
      const { browser } = await signInAdministrator(later);
      await setPolicy(browser, { enforcement: "prompt" });
      expect(await offered()).toBe(true);
      expect(await dismiss(signInAgain())).toMatchObject({ status: 204 });
      expect(await offered()).toBe(false);
      expect(await show(person.identity.id, browser)).toMatchObject({ body: { prompt: false } });
      now += 30 * DAY - 1;
      expect(await offered()).toBe(false);
      now += 1;
      expect(await offered()).toBe(true);
      expect(await register(signInAgain(), later.authenticator())).toMatchObject({ status: 201 });
      expect(await offered()).toBe(false);
    } finally {
      await later.stop();
    }
  });

  it("comes when an administrator wants it, whatever was said before, until it is answered", async () => {
    const person = world.people.add();
    const browser = world.browser(person);
    await dismiss(browser);
    expect((await admin.post(`/api/passkeys/enable/${person.identity.id}`)).status).toBe(204);
    expect(await passkeysIn(browser)).toEqual({ count: 0, prompt: true, enforcement: "off" });
    expect(await show(person.identity.id)).toMatchObject({ body: { passkeys: [], enabled: true, prompt: true } });
    await dismiss(browser);
    expect(await passkeysIn(browser)).toMatchObject({ prompt: false });
  });

  it("is nothing a stranger can refuse", async () => {
    expect(await dismiss(world.browser())).toMatchObject(problem(401, "unauthenticated"));
  });
});
