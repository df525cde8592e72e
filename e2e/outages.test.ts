import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { leaveAutofillAlone } from "./support/authenticator.ts";
import { look } from "./support/look.ts";
import { type Person, providePeople } from "./support/people.ts";
import { atDashboard, button, heading, join, signInByButton, signOut } from "./support/steps.ts";
import { startWorld, type World } from "./support/world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld({ name: "outages", built: inject("built") });
});
afterAll(() => world.stop());

const people = providePeople(() => world.origin);

async function withPassword(): Promise<Person> {
  const ann = await people.arrive();
  await join(ann, world.stack.mail, false);
  return ann;
}

async function withPasskey(): Promise<Person> {
  const bob = await people.arrive();
  await join(bob, world.stack.mail, true);
  await leaveAutofillAlone(bob.page);
  await signOut(bob);
  await signInByButton(bob);
  await atDashboard(bob);
  return bob;
}

/** Looks again until the page has the heading: what is known of a session is kept for a few seconds. */
async function reloadUntil({ page }: Person, name: string): Promise<void> {
  await expect
    .poll(
      async () => {
        await page.reload();
        return page.getByRole("heading").first().textContent();
      },
      { timeout: 30_000 },
    )
    .toBe(name);
}

test("with Kratos gone a passkey goes on working, and a password's session is not ended", async () => {
  const [ann, bob] = [await withPassword(), await withPasskey()];
  const cookies = await ann.context.cookies();
  await world.stack.kratos.kill();
  await reloadUntil(ann, "We can't check this right now");
  await look(ann.page, "outage");
  expect(await ann.context.cookies()).toEqual(cookies);
  await bob.page.reload();
  await atDashboard(bob);
  await bob.page.getByText("✓ Verified").waitFor();
  await world.stack.kratos.start();
  await ann.page.getByRole("link", { name: "Try again" }).click();
  await atDashboard(ann);
});

test("with every gateway gone the account page says so, and is back when it is", async () => {
  const ann = await withPassword();
  await ann.open("/account");
  await heading(ann.page, "Password").waitFor();
  await Promise.all(world.gateways.map((gateway) => gateway.stop()));
  // What the browser tells the page on coming back to it: it looks after the session then, and not in 20 s only.
  await ann.page.evaluate("window.dispatchEvent(new Event('online'))");
  await ann.page.getByText("We can't check this right now. You are still signed in. Trying again…").waitFor();
  await look(ann.page, "account-outage");
  await Promise.all(world.gateways.map((gateway) => gateway.start()));
  const notice = ann.page.getByText("We can't check this right now.");
  await notice.waitFor({ state: "detached", timeout: 60_000 });
  await heading(ann.page, "Password").waitFor();
  await ann.page.getByText(ann.email).first().waitFor();
});

test("with the application gone people are told that they are still signed in", async () => {
  const ann = await withPassword();
  await world.dashboard.stop();
  await ann.page.reload();
  await heading(ann.page, "The application is not answering").waitFor();
  await look(ann.page, "application-gone");
  await world.dashboard.start();
  await ann.page.getByRole("link", { name: "Try again" }).click();
  await atDashboard(ann);
});

test("with Redis gone a sign-in by password goes on, and the sign-in page tells a passkey what is wrong", async () => {
  const ann = await withPassword();
  const bob = await people.arrive();
  await bob.open("/login");
  await heading(bob.page, "Sign in").waitFor();
  await world.stack.redis.stop();
  await ann.page.reload();
  await atDashboard(ann);
  await button(bob.page, "Sign in with a passkey").click();
  await bob.page.getByText("We can't check this right now. Trying again…").waitFor();
  await look(bob.page, "login-outage");
  await world.stack.redis.start();
});
