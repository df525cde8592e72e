import { expect, test } from "vitest";
import { waitUntil } from "../scripts/wait-until.ts";
import { leaveAutofillAlone } from "./support/authenticator.ts";
import { look } from "./support/look.ts";
import type { Person } from "./support/people.ts";
import { provideShared } from "./support/shared.ts";
import { atDashboard, button, enterPassword, heading, join } from "./support/steps.ts";

const { mail, people } = provideShared();

const section = ({ page }: Person) => page.getByRole("region", { name: "Where you are signed in" });
const cards = (person: Person) => section(person).getByRole("listitem");

/** The same person, signed in by password at another browser. */
async function signInElsewhere(ann: Person): Promise<Person> {
  const elsewhere = await people.moveOn(ann);
  await elsewhere.open("/login");
  await enterPassword(elsewhere);
  await elsewhere.page.getByRole("button", { name: "Not now" }).or(heading(elsewhere.page, "Who you are")).waitFor();
  await elsewhere.open("/");
  await atDashboard(elsewhere);
  return elsewhere;
}

/** The next page load leads to sign-in; that of the other browser's Kratos session may be known for seconds. */
async function isSignedOut(person: Person): Promise<void> {
  await waitUntil(
    async () => {
      await person.open("/");
      expect(new URL(person.page.url()).pathname).toBe("/login");
    },
    { what: "the other browser to be signed out", timeout: 15_000 },
  );
  await heading(person.page, "Sign in").waitFor();
}

test("a session in another browser is seen and ended, by keyboard, and this one goes on", async () => {
  const ann = await people.arrive();
  await join(ann, mail, false);
  const elsewhere = await signInElsewhere(ann);
  await ann.open("/account");
  await section(ann).getByText("This device").waitFor();
  await cards(ann).nth(1).waitFor();
  expect(await cards(ann).count()).toBe(2);
  expect(await cards(ann).nth(0).textContent()).toContain("In use now");
  const other = await cards(ann).nth(1).textContent();
  expect(other).toContain("Chrome on Linux");
  expect(other).toContain("Signed in with your password");
  expect(other).toMatch(/From (127\.0\.0\.1|::1)/);
  await look(ann.page, "account-sessions");

  await cards(ann).nth(1).getByRole("button", { name: "Sign out Chrome on Linux" }).press("Enter");
  const dialog = ann.page.getByRole("alertdialog");
  await dialog.getByText("You stay signed in here.").waitFor();
  await dialog.getByRole("button", { name: "Sign out" }).press("Enter");
  await section(ann).getByText("Chrome on Linux is signed out.").waitFor();
  await section(ann).locator("h2:focus").waitFor();
  expect(await cards(ann).count()).toBe(1);

  await isSignedOut(elsewhere);
  await ann.open("/");
  await atDashboard(ann);
});

test("signing out everywhere includes this device, and says so before", async () => {
  const ann = await people.arrive();
  await join(ann, mail, false);
  const elsewhere = await signInElsewhere(ann);
  await ann.open("/account");
  await button(ann.page, "Sign out everywhere").click();
  const dialog = ann.page.getByRole("alertdialog");
  await dialog.getByText("This device is included").waitFor();
  await leaveAutofillAlone(ann.page);
  await dialog.getByRole("button", { name: "Sign out everywhere" }).click();
  await heading(ann.page, "Sign in").waitFor();
  await isSignedOut(elsewhere);
  await isSignedOut(ann);
});
