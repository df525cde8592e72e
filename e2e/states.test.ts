import { test } from "vitest";
import { look } from "./support/look.ts";
import { provideShared } from "./support/shared.ts";
import { atDashboard, button, createAccount, enterPassword, heading, join, sendSignUp } from "./support/steps.ts";

const { mail, people } = provideShared();

test("a browser without WebAuthn gets through with a password alone", async () => {
  const ann = await people.arrive();
  await ann.page.addInitScript({ content: "delete window.PublicKeyCredential;" });
  await ann.open("/register");
  await sendSignUp(ann);
  await button(ann.page, "Do this later").click();
  await atDashboard(ann);
  await ann.open("/account");
  await ann.page.getByText("This browser can't create passkeys.").waitFor();
  await look(ann.page, "account-without-webauthn");
  await button(ann.page, "Sign out").click();
  await ann.page.getByText("This browser can't use passkeys. Sign in with your password.").waitFor();
  await look(ann.page, "login-without-webauthn");
  await enterPassword(ann);
  await heading(ann.page, "Who you are").waitFor();
});

test("without a network the page says so and keeps what was typed", async () => {
  const ann = await people.arrive();
  await ann.open("/register");
  await ann.page.getByLabel("E-mail").fill(ann.email);
  await ann.context.setOffline(true);
  await ann.page.getByText("You are offline.").waitFor();
  await look(ann.page, "offline");
  await ann.page.getByLabel("Password", { exact: true }).fill(ann.password);
  await button(ann.page, "Create account").click();
  await ann.page.getByText("We can't reach the server. Check your connection and try again.").waitFor();
  await ann.context.setOffline(false);
  await createAccount(ann);
});

test("an error has plain words and a way on", async () => {
  const ann = await people.arrive();
  await ann.open("/error");
  await heading(ann.page, "Something went wrong").waitFor();
  await look(ann.page, "error");
  await ann.open("/register/nothing-here");
  await heading(ann.page, "There is nothing here").waitFor();
  await look(ann.page, "not-found");
});

test("a path the application does not know is the application's to answer", async () => {
  const ann = await people.arrive();
  await join(ann, mail, false);
  await ann.open("/nothing-here");
  await ann.page.getByText("There is nothing here.").waitFor();
});
