import { afterAll, beforeAll, expect, it } from "vitest";
import { createPasskeyWorld, login, type PasskeyWorld, personWithPasskey } from "./support/passkey-world.ts";
import { listed } from "./support/session-list.ts";

let world: PasskeyWorld;
beforeAll(async () => {
  world = await createPasskeyWorld();
});
afterAll(() => world.stop());

const ROUNDS = 12;
const SIGN_INS = 6;

it("a sign-in while all others are being ended is ended, or listed and can be: never neither", async () => {
  const { browser: owner, authenticator } = await personWithPasskey(world);
  for (let round = 0; round < ROUNDS; round += 1) {
    const browsers = Array.from({ length: SIGN_INS }, () => world.browser());
    const signIns = browsers.map((browser) => login(browser, authenticator));
    const ends = Array.from({ length: 40 }, () => owner.fetch("/api/auth/sessions", { method: "DELETE" }));
    await Promise.all([...signIns, ...ends]);
    const answers = await Promise.all(
      browsers.map(async (browser) => (await browser.fetch("/api/auth/session")).json()),
    );
    const live = answers.flatMap((answer) => {
      const { sessions } = answer as { sessions?: { passkey: { id: string } } };
      return sessions ? [sessions.passkey.id] : [];
    });
    const known = (await listed(owner)).map(({ id }) => id);
    for (const id of live) expect(known).toContain(id);
  }
});
