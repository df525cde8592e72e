import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type Person, providePeople } from "./support/people.ts";
import { type RulesFile, writeRules } from "./support/rules.ts";
import { button, enterPassword, heading, newcomer, signInByButton } from "./support/steps.ts";
import { startWorld, type World } from "./support/world.ts";

const DOMAIN = "passbridge.localhost";
const RULES = `
  - { name: app-public, hosts: [app.${DOMAIN}], path: { prefix: /public }, require: public }
  - { name: app-payments, hosts: [app.${DOMAIN}], path: { prefix: /payments }, require: aal2 }
  - { name: app, hosts: [app.${DOMAIN}], path: { prefix: / }, require: session }
`;

let rules: RulesFile;
let world: World;
const people = providePeople(() => world.origin);

beforeAll(async () => {
  rules = writeRules(RULES);
  world = await startWorld({
    name: "two-hosts",
    built: inject("built"),
    host: `auth.${DOMAIN}`,
    cookieDomain: DOMAIN,
    settings: { ROUTES_FILE: rules.file },
  });
});
afterAll(async () => {
  await world.stop();
  rules.remove();
});

/** An address of the application's own host. */
const app = (path: string) => `${world.origin.replace("//auth.", "//app.")}${path}`;

async function atApp({ page }: Person, path: string, title: string): Promise<void> {
  await page.waitForURL(app(path));
  await heading(page, title).waitFor();
}

test("at the application's host: sign-in at the other one, the cookies of both kinds, step-up, and back each time", async () => {
  const ann = await newcomer(people, world.stack.mail, true);
  const { page } = ann;
  await page.goto(app("/?tab=1&x=%2F"));
  await page.waitForURL(`${world.origin}/login?return_to=**`);
  await enterPassword(ann);
  await atApp(ann, "/?tab=1&x=%2F", "Who you are");
  await page.getByText(`${ann.email} (`).waitFor();

  await page.goto(app("/payments/42?from=mail&x=%2F"));
  await heading(page, "This page needs your passkey").waitFor();
  expect(new URL(page.url()).origin).toBe(world.origin);
  await button(page, "Use your passkey").click();
  await atApp(ann, "/payments/42?from=mail&x=%2F", "Payments");

  const cookies = await ann.context.cookies();
  const domainOf = (name: string) => cookies.find((cookie) => cookie.name === name)?.domain;
  expect(domainOf("passbridge_session")).toBe(`.${DOMAIN}`);
  expect(domainOf("ory_kratos_session")).toBe(`.${DOMAIN}`);
  expect(domainOf("passbridge_browser")).toBe(`auth.${DOMAIN}`);

  // The own pages are at the other host; signing out there counts at both, and leaves no session cookie.
  await page.goto(app("/account"));
  await page.waitForURL(`${world.origin}/account`);
  await button(page, "Sign out").click();
  await heading(page, "Sign in").waitFor();
  const left = (await ann.context.cookies()).map(({ name }) => name);
  expect(left.filter((name) => /_session$/.test(name))).toEqual([]);
  await page.goto(app("/public/notes"));
  await heading(page, "Nobody is signed in").waitFor();
  await page.goto(app("/"));
  await heading(page, "Sign in").waitFor();
  await signInByButton(ann);
  await atApp(ann, "/", "Who you are");
});

test.each([
  "http://evil.localhost/",
  "http://app.passbridge.localhost/",
  "http://app.passbridge.localhost:1@evil.localhost/",
])("nobody is sent to %s after signing in", async (address) => {
  const ann = await newcomer(people, world.stack.mail, true);
  await ann.open(`/login?return_to=${encodeURIComponent(address)}`);
  await signInByButton(ann);
  await heading(ann.page, "Who you are").waitFor();
  expect(ann.page.url()).toBe(`${world.origin}/`);
});
