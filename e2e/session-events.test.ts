import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { leaveAutofillAlone } from "./support/authenticator.ts";
import { provideShared } from "./support/shared.ts";
import { atDashboard, button, enterPassword, heading, join, signInByButton, signOut } from "./support/steps.ts";

const { mail, origin, people } = provideShared();

/** Where the page keeps what its EventSource was told. */
type Listening = { source?: EventSource; told?: string[] };

/** Has a page listen to session events by an EventSource of its own. */
const listen = (page: Page) =>
  page.evaluate(() => {
    const listening = globalThis as Listening;
    const told: string[] = [];
    listening.told = told;
    listening.source = new EventSource("/api/auth/events");
    listening.source.addEventListener("session", (event) => {
      const { authenticated, auth_method, aal } = JSON.parse((event as MessageEvent).data);
      told.push(authenticated ? `${auth_method} ${aal}` : "nobody");
    });
  });

const told = (page: Page) => page.evaluate(() => (globalThis as Listening).told ?? []);
const toldLast = (page: Page, what: string) =>
  expect.poll(async () => (await told(page)).at(-1), { timeout: 15_000 }).toBe(what);

test("an EventSource in one tab is told of sign-in, step-up, sign-out and revocation in others", async () => {
  const ann = await people.arrive();
  await leaveAutofillAlone(ann.page);
  await join(ann, mail, true);
  await signOut(ann);
  const tab = await ann.context.newPage();
  await tab.goto(`${origin}/login`);
  await listen(tab);
  await toldLast(tab, "nobody");

  await enterPassword(ann);
  await atDashboard(ann);
  await toldLast(tab, "password aal1");

  await ann.open("/login?reauthenticate=1&return_to=/");
  await signInByButton(ann);
  await atDashboard(ann);
  await toldLast(tab, "passkey aal2");

  await signOut(ann);
  await toldLast(tab, "nobody");

  await ann.open("/login");
  await signInByButton(ann);
  await atDashboard(ann);
  await toldLast(tab, "passkey aal2");
  const elsewhere = await people.moveOn(ann);
  await elsewhere.open("/login");
  await enterPassword(elsewhere);
  await elsewhere.page.waitForURL((url) => url.pathname !== "/login");
  const status = await elsewhere.page.evaluate(async () =>
    fetch("/api/auth/sessions", { method: "DELETE" }).then((answer) => answer.status),
  );
  expect(status).toBe(200);
  await toldLast(tab, "nobody");
  // Signed out three times, and never told so in between: not by the step-up either, which replaces the session.
  expect((await told(tab)).filter((what) => what === "nobody")).toHaveLength(3);
  expect(await tab.evaluate(() => (globalThis as Listening).source?.readyState)).toBe(1);
});

test("two tabs of the application share one stream, and both show the sign-out of either", async () => {
  const ann = await people.arrive();
  await leaveAutofillAlone(ann.page);
  await join(ann, mail, false);
  const tab = await ann.context.newPage();
  const asked: string[] = [];
  await ann.open("/");
  await atDashboard(ann);
  ann.context.on("request", (request) => void asked.push(new URL(request.url()).pathname));
  // Both anew: one of them opens the stream for both.
  await ann.page.reload();
  await tab.goto(origin);
  await atDashboard(ann);
  await atDashboard({ ...ann, page: tab });
  const streams = () => asked.filter((path) => path === "/api/auth/events");
  await expect.poll(() => streams().length).toBe(1);
  await button(ann.page, "Sign out").click();
  await heading(ann.page, "Sign in").waitFor();
  await tab.getByText("You are signed out").waitFor();
});
