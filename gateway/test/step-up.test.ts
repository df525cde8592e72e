import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ANY_SESSION, type RouteAccess, type RouteRule } from "../src/policy/route-rule.ts";
import type { TestBrowser } from "./support/browser.ts";
import { answerOf, createPasskeyWorld, login, type PasskeyWorld, personWithPasskey } from "./support/passkey-world.ts";
import { rawRequest } from "./support/raw-http.ts";
import { ruleFor } from "./support/route-rules.ts";

const DAY = 86_400_000;
const NEEDS: Readonly<Record<string, RouteAccess>> = {
  closed: { kind: "deny" },
  admin: { ...ANY_SESSION, roles: ["admin"], aal2: true },
  passkey: { ...ANY_SESSION, passkey: true },
  aal2: { ...ANY_SESSION, aal2: true },
  verified: { ...ANY_SESSION, verified: true },
  fresh: { ...ANY_SESSION, fresh: 60_000 },
};

let upstream: Server;
let world: PasskeyWorld;
let rules: RouteRule[];
beforeAll(async () => {
  upstream = createServer((_request, response) => response.end("the application"));
  upstream.listen(0, "127.0.0.1");
  await once(upstream, "listening");
  const url = new URL(`http://127.0.0.1:${(upstream.address() as AddressInfo).port}`);
  rules = Object.entries(NEEDS).map(([name, access]) =>
    ruleFor(url, 5_000, { name, access, path: { kind: "prefix", path: `/${name}` } }),
  );
  world = await createPasskeyWorld({ overrides: { rules: () => ({ rules, ignoreCase: false }) } });
});
afterAll(async () => {
  await world.stop();
  upstream.closeAllConnections();
  upstream.close();
});

const open = (browser: TestBrowser, path: string) =>
  browser.fetch(path, { headers: { accept: "text/html", "sec-fetch-mode": "navigate" } });
const locationOf = async (browser: TestBrowser, path: string) => (await open(browser, path)).headers.get("location");

describe("a page load", () => {
  const DEEP = "?from=mail&x=%2F";
  const back = (name: string) => encodeURIComponent(`/${name}/42${DEEP}`);

  it("by password leads to what is missing, and from there to the very address", async () => {
    const without = world.browser(world.people.add({ authenticatedAt: new Date(Date.now() - DAY / 24) }));
    const offer = "/register/passkey-offer?required=1&return_to=";
    expect(await locationOf(without, `/aal2/42${DEEP}`)).toBe(offer + back("aal2"));
    expect(await locationOf(without, `/passkey/42${DEEP}`)).toBe(offer + back("passkey"));
    expect(await locationOf(without, `/fresh/42${DEEP}`)).toBe(`/login?reauthenticate=1&return_to=${back("fresh")}`);
    const { browser, authenticator } = await personWithPasskey(world);
    const need = "/login?reauthenticate=1&need=passkey&return_to=";
    expect(await locationOf(browser, `/aal2/42${DEEP}`)).toBe(need + back("aal2"));
    expect(await locationOf(browser, `/passkey/42${DEEP}`)).toBe(need + back("passkey"));
    expect(await login(browser, authenticator)).toMatchObject({ status: 200 });
    for (const name of ["aal2", "passkey", "fresh"]) {
      expect(await (await open(browser, `/${name}/42${DEEP}`)).text()).toBe("the application");
    }
  });

  it("comes back to a query with a backslash, which browsers do not encode", async () => {
    const text = "GET /fresh/42?q=\\d HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nConnection: close\r\n\r\n";
    const answer = await rawRequest(world.gateway.origin, text);
    expect(answer).toContain(`\r\nLocation: /login?return_to=${encodeURIComponent("/fresh/42?q=%5Cd")}\r\n`);
  });

  it("of somebody whose address is not confirmed leads to its confirmation", async () => {
    const person = world.people.add();
    person.identity = { ...person.identity, emailVerified: false };
    expect(await locationOf(world.browser(person), `/verified/42${DEEP}`)).toBe(
      `/verify?return_to=${back("verified")}`,
    );
  });

  it.each([
    ["a role is missing", "/admin/x?a=%22%3E&b=%2F", "This page is not open to you"],
    ["nobody may pass", "/closed", "This page is not open to you"],
    ["no rule is for it", "/nowhere", "This page is not open to you"],
  ])("where %s is a page with a way back and another account, without a script", async (_what, path, heading) => {
    const { browser } = await personWithPasskey(world);
    const answer = await open(browser, path);
    const page = await answer.text();
    expect([answer.status, answer.headers.get("cache-control")]).toEqual([403, "no-store"]);
    expect(page).toContain(`<h1>${heading}</h1>`);
    expect(page).toContain('<a href="/">Go to the start</a>');
    const [, href = ""] = /<a class="quiet" href="([^"]+)">Sign in as someone else<\/a>/.exec(page) ?? [];
    const other = new URL(href.replaceAll("&#38;", "&"));
    expect([other.origin, other.pathname, other.searchParams.get("other")]).toEqual([
      world.gateway.origin,
      "/login",
      "1",
    ]);
    expect(other.searchParams.get("return_to")).toBe(path);
    expect(page).not.toMatch(/<script|style=/);
  });

  it("of somebody who may have no passkey is told so", async () => {
    const { person, browser } = await personWithPasskey(world);
    await world
      .database("passkey_settings")
      .insert({ identity_id: person.identity.id, enabled: false, prompt_forced: false });
    const answer = await open(browser, "/passkey");
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining("Passkeys are turned off")]);
  });
});

describe("any other request", () => {
  it.each([
    ["/aal2", 403, "aal2_required", "/login?reauthenticate=1&need=passkey"],
    ["/passkey", 403, "passkey_required", "/login?reauthenticate=1&need=passkey"],
  ])("%s by password: %i %s with the page", async (path, status, code, page) => {
    const { browser } = await personWithPasskey(world);
    const login_url = world.gateway.origin + page;
    expect(await answerOf(browser.fetch(path))).toMatchObject({ status, body: { code, login_url } });
  });

  it("of nobody names the sign-in, and what nothing can be done about names no page", async () => {
    const login_url = `${world.gateway.origin}/login`;
    const nobody = await answerOf(world.browser().fetch("/aal2"));
    expect(nobody).toMatchObject({ status: 401, body: { code: "unauthenticated", login_url } });
    const refused = await answerOf(world.browser(world.people.add()).fetch("/admin"));
    expect(refused).toMatchObject({ status: 403, body: { code: "forbidden" } });
    expect(refused.body).not.toHaveProperty("login_url");
  });
});
