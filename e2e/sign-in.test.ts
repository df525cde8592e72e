import { expect, test } from "vitest";
import { leaveAutofillAlone } from "./support/authenticator.ts";
import { tabTo } from "./support/keyboard.ts";
import { look } from "./support/look.ts";
import { provideShared } from "./support/shared.ts";
import {
  atDashboard,
  button,
  createAccount,
  declinePasskey,
  enterPassword,
  heading,
  join,
  newcomer,
  signInByButton,
  signInByOtherDevice,
  signOut,
} from "./support/steps.ts";

const { mail, origin, people } = provideShared();

const known = (withPasskey: boolean) => newcomer(people, mail, withPasskey);

const DEEP_LINK = "/reports?year=2026&q=a%26b";

test("a deep link with its query survives signing in with a password", async () => {
  const ann = await known(false);
  await ann.open(DEEP_LINK);
  await enterPassword(ann);
  await ann.page.waitForURL(origin + DEEP_LINK);
});

test("a deep link with its query survives signing in with a passkey", async () => {
  const ann = await known(true);
  await ann.open(DEEP_LINK);
  await signInByButton(ann);
  await ann.page.waitForURL(origin + DEEP_LINK);
});

test("a deep link survives the way over sign-up", async () => {
  const ann = await people.arrive();
  await ann.open("/?from=mail");
  await ann.page.getByRole("link", { name: "Create an account" }).click();
  await createAccount(ann);
  await declinePasskey(ann);
  await button(ann.page, "Do this later").click();
  await ann.page.waitForURL(`${origin}/?from=mail`);
  await atDashboard(ann);
});

test("the sign-in page takes those who are signed in on, and does not go round in circles", async () => {
  const ann = await people.arrive();
  await join(ann, mail, false);
  const visited: string[] = [];
  ann.page.on("request", (request) => {
    if (request.isNavigationRequest()) visited.push(new URL(request.url()).pathname);
  });
  await ann.open("/login");
  await atDashboard(ann);
  expect(visited).toEqual(["/login", "/"]);
});

test("a return_to to another place is not followed", async () => {
  const ann = await known(false);
  await ann.open(`/login?return_to=${encodeURIComponent("//evil.example/")}`);
  await enterPassword(ann);
  await ann.page.waitForURL(`${origin}/`);
});

test("a wrong password is told, and the right one still works", async () => {
  const ann = await known(false);
  await enterPassword({ ...ann, password: "not this one" });
  await ann.page.getByText("The e-mail or the password is not right.").waitFor();
  await look(ann.page, "login-wrong-password");
  await enterPassword(ann);
  await atDashboard(ann);
});

test("a passkey prompt that is closed leaves both ways open", async () => {
  const ann = await known(true);
  await ann.device.setVerified(false);
  await signInByOtherDevice(ann);
  await ann.page.getByText("The passkey prompt was closed or timed out. Try again, or use your password.").waitFor();
  await look(ann.page, "login-cancelled");
  await ann.device.setVerified(true);
  await signInByButton(ann);
  await atDashboard(ann);
});

test("a passkey that was removed meanwhile is told as such", async () => {
  const ann = await people.arrive();
  await join(ann, mail, true);
  await ann.open("/account");
  // Without the Signal API the device would keep offering it; the sign-in page has to cope.
  await ann.page.evaluate("PublicKeyCredential.signalAllAcceptedCredentials = undefined");
  await ann.page.getByRole("button", { name: /^Remove / }).click();
  await button(ann.page, "Remove").click();
  await heading(ann.page, "Sign in faster next time").waitFor();
  expect(await ann.device.count()).toBe(1);
  await leaveAutofillAlone(ann.page);
  await signOut(ann);
  await signInByButton(ann);
  await ann.page.getByText("That passkey is no longer known here. It may have been removed.").waitFor();
  await enterPassword(ann);
  await atDashboard(ann);
});

test("by keyboard alone, with the password and with the passkey", async () => {
  const ann = await known(true);
  const { page } = ann;
  await ann.open("/login");
  await heading(page, "Sign in").waitFor();
  await tabTo(page.getByLabel("E-mail"));
  await page.keyboard.type(ann.email);
  await tabTo(page.getByLabel("Password", { exact: true }));
  await page.keyboard.type(ann.password);
  await page.keyboard.press("Enter");
  await atDashboard(ann);
  await tabTo(button(page, "Sign out"));
  await page.keyboard.press("Enter");
  await heading(page, "Sign in").waitFor();
  await tabTo(button(page, "Sign in with a passkey"));
  await page.keyboard.press("Space");
  await atDashboard(ann);
});

test("signing out in one tab ends the other and its WebSocket", async () => {
  const ann = await people.arrive();
  await join(ann, mail, false);
  await ann.page.getByText(`Connected as ${ann.email}`).waitFor();
  const other = await ann.context.newPage();
  await other.goto(origin);
  await button(other, "Sign out").click();
  await heading(ann.page, "You are signed out").waitFor();
  await look(ann.page, "dashboard-signed-out");
});
