import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createMailbox, type Mailbox } from "../scripts/parts/mailbox.ts";
import { leaveAutofillAlone } from "./support/authenticator.ts";
import { look } from "./support/look.ts";
import { type Person, providePeople } from "./support/people.ts";
import { atDashboard, button, join, signInByButton } from "./support/steps.ts";
import { startWorld, type World } from "./support/world.ts";

/** A sign-in is recent for no longer than it takes to get to the account page. */
const RECENT = "1s";

let world: World;
let mail: Mailbox;
const people = providePeople(() => world.origin);

beforeAll(async () => {
  world = await startWorld({ name: "step-up", built: inject("built"), settings: { PRIVILEGED_MAX_AGE: RECENT } });
  mail = createMailbox(world.stack.mailUrl);
});
afterAll(() => world.stop());

const asked = ({ page }: Person) => page.getByRole("dialog", { name: "Confirm it's you" });
const passkeys = ({ page }: Person) => page.getByRole("list", { name: "Your passkeys" }).getByRole("listitem");

/** Waits until the gateway no longer takes the sign-in for recent; asking for it changes nothing. */
async function untilOld({ page }: Person): Promise<void> {
  const ask = () =>
    page.evaluate(async () => {
      const headers = { "Content-Type": "application/json" };
      const answer = await fetch("/api/passkeys/register/start", { method: "POST", headers, body: "{}" });
      return ((await answer.json()) as { code?: string }).code;
    });
  await expect.poll(ask, { timeout: 20_000 }).toBe("reauthentication_required");
}

test("by password: the first passkey is made after it; by passkey: a removal and a new password go on", async () => {
  const ann = await people.arrive();
  await leaveAutofillAlone(ann.page);
  await join(ann, mail, false);
  await ann.open("/account");
  await untilOld(ann);
  await button(ann.page, "Create a passkey").click();
  await asked(ann).getByLabel("Password", { exact: true }).fill("not it at all");
  await asked(ann).getByRole("button", { name: "Confirm with password" }).click();
  await asked(ann).getByText("This password is not right.").waitFor();
  await look(ann.page, "step-up-wrong-password");
  await asked(ann).getByLabel("Password", { exact: true }).fill(ann.password);
  await asked(ann).getByRole("button", { name: "Confirm with password" }).click();
  await passkeys(ann).first().waitFor();

  await untilOld(ann);
  await button(ann.page, "Change password").click();
  ann.password = `${ann.password} anew`;
  await ann.page.getByLabel("New password", { exact: true }).fill(ann.password);
  await button(ann.page, "Save the new password").click();
  await ann.page.getByRole("main").getByText("Your new password is saved.").waitFor();

  await untilOld(ann);
  await passkeys(ann)
    .first()
    .getByRole("button", { name: /^Remove/ })
    .click();
  const question = ann.page.getByRole("alertdialog");
  await question.getByRole("button", { name: "Remove", exact: true }).click();
  await look(ann.page, "step-up");
  await asked(ann).getByRole("button", { name: "Cancel" }).click();
  await asked(ann).waitFor({ state: "detached" });
  // Behind a dialog it is no part of the page for anybody.
  expect(await ann.page.locator("#passkeys .entries > li").count()).toBe(1);
  await question.getByRole("button", { name: "Remove", exact: true }).click();
  await asked(ann).getByRole("button", { name: "Use your passkey" }).click();
  await ann.page.getByRole("heading", { name: "Sign in faster next time" }).waitFor();
  expect(new URL(ann.page.url()).pathname).toBe("/account");
});

test("somebody who signed in with a passkey alone confirms by it, and sets a password", async () => {
  const ann = await people.arrive();
  await leaveAutofillAlone(ann.page);
  await join(ann, mail, false);
  await ann.open("/account");
  await untilOld(ann);
  await button(ann.page, "Create a passkey").click();
  await asked(ann).getByLabel("Password", { exact: true }).fill(ann.password);
  await asked(ann).getByRole("button", { name: "Confirm with password" }).click();
  await passkeys(ann).first().waitFor();
  await button(ann.page, "Sign out").click();
  await signInByButton(ann);
  await atDashboard(ann);
  await ann.open("/account");
  await untilOld(ann);
  await button(ann.page, "Change password").click();
  await ann.page.getByLabel("New password", { exact: true }).fill(`${ann.password} anew`);
  await button(ann.page, "Save the new password").click();
  await asked(ann).getByRole("button", { name: "Use your passkey" }).click();
  await ann.page.getByRole("main").getByText("Your new password is saved.").waitFor();
});
