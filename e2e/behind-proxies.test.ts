import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { leaveAutofillAlone } from "./support/authenticator.ts";
import { providePeople } from "./support/people.ts";
import { runSql } from "./support/sql.ts";
import { step } from "./support/step.ts";
import {
  acceptPasskey,
  atDashboard,
  button,
  declineCodes,
  enterPassword,
  heading,
  join,
  signOut,
} from "./support/steps.ts";
import { startWorld, type World } from "./support/world.ts";

const DEEP = "/?from=mail&next=%2Fa%3Fb";

/** From the gateways' next start on, as if an administrator had said so; one always answers. */
async function requirePasskeys({ gateways, stack }: World): Promise<void> {
  await runSql(stack.databaseUrl, "UPDATE passkey_policy SET enforcement = 'required'");
  for (const gateway of gateways) {
    await gateway.stop();
    await gateway.start();
  }
}

describe.each(["nginx", "caddy"] as const)("the sample dashboard behind %s, which asks the gateway", (front) => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ name: `behind-${front}`, built: inject("built"), front });
  });
  afterAll(() => world.stop());
  const people = providePeople(() => world.origin);

  test("from a deep link to the sign-in and back, by a step-up as well, to the sign-out", async () => {
    const ann = await people.arrive();
    const { page } = ann;
    const atDeepLink = async () => {
      await atDashboard(ann);
      expect(page.url()).toBe(world.origin + DEEP);
    };
    await leaveAutofillAlone(page);
    await step("signs up", () => join(ann, world.stack.mail, false));
    await step("signs out", () => signOut(ann));
    await step("opens a deep link, signs in and is back", async () => {
      await ann.open(DEEP);
      await enterPassword(ann);
      await atDeepLink();
      await page.getByText("a password", { exact: true }).waitFor();
      await page.getByText("✓ Verified").waitFor();
    });
    await step("talks over a WebSocket", async () => {
      await page.getByText(`Connected as ${ann.email}`).waitFor();
      await page.getByLabel("Message").fill("Ahoy");
      await button(page, "Send").click();
      await page.getByRole("log").getByText("Server Ahoy").waitFor();
    });
    await step("has to bring a passkey from now on, and is back with one", async () => {
      await requirePasskeys(world);
      await ann.open(DEEP);
      await page.getByText("This application asks everyone to sign in with a passkey.").waitFor();
      await acceptPasskey(ann);
      await declineCodes(ann);
      await heading(page, "This page needs your passkey").waitFor();
      await button(page, "Use your passkey").click();
      await atDeepLink();
      await page.getByText("✓ Verified").waitFor();
    });
    await step("signs out for good", async () => {
      await signOut(ann);
      await ann.open("/");
      await heading(page, "Sign in").waitFor();
    });
  });
});
