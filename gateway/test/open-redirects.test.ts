import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createBrowser } from "./support/browser.ts";
import { createPerson, signUp } from "./support/people.ts";
import { rawRequest } from "./support/raw-http.ts";
import { createTestDatabase, type RunningGateway, startGateway } from "./support/start-gateway.ts";

let gateway: RunningGateway;
beforeAll(async () => {
  gateway = await startGateway({
    env: { DATABASE_URL: await createTestDatabase(), UPSTREAM_URL: "http://127.0.0.1:9" },
  });
});
afterAll(() => gateway.stop());

const OWN = "http://localhost:8080";
const ELSEWHERE = [
  "https://evil.example/",
  "http://evil.example",
  "//evil.example/",
  "///evil.example",
  "/\\evil.example",
  "\\\\evil.example",
  "https:evil.example",
  "javascript:alert(1)",
  "data:text/html,x",
  `${OWN}@evil.example/`,
  `${OWN}.evil.example/`,
  `${OWN}0/`,
  "http://localhost/",
  "https://localhost:8080/",
  `http://localhost:8080\\@evil.example/`,
  " //evil.example",
  "\t//evil.example",
  `${OWN}/../..//evil.example`,
];

const PAGE_LOAD = { accept: "text/html", "sec-fetch-mode": "navigate" };

/** Where a browser ends up that is sent on from here. */
function originAfter(location: string | null): string {
  return new URL(location ?? "", gateway.origin).origin;
}

describe("Kratos' flows go nowhere else", () => {
  test.each(ELSEWHERE)("return_to=%j is refused, or stays here", async (returnTo) => {
    for (const kind of ["login", "registration", "recovery", "verification", "settings", "logout"]) {
      const browser = createBrowser(gateway.origin);
      const path = `/.ory/kratos/self-service/${kind}/browser?${new URLSearchParams({ return_to: returnTo })}`;
      const page = await browser.fetch(path, { headers: PAGE_LOAD });
      if (page.status < 400) expect([OWN, gateway.origin]).toContain(originAfter(page.headers.get("location")));
      const flow = await browser.fetch(path);
      const kept = flow.ok ? ((await flow.json()) as { return_to?: string }).return_to : undefined;
      if (kept) expect([OWN, gateway.origin]).toContain(originAfter(kept));
    }
  });
});

describe("signing out leads nowhere else", () => {
  test.each(ELSEWHERE)("return_to=%j", async (returnTo) => {
    const browser = createBrowser(gateway.origin);
    await signUp(browser, createPerson());
    const made = await browser.fetch("/.ory/kratos/self-service/logout/browser");
    const { logout_token } = (await made.json()) as { logout_token: string };
    const query = new URLSearchParams({ token: logout_token, return_to: returnTo });
    const answer = await browser.fetch(`/.ory/kratos/self-service/logout?${query}`, { headers: PAGE_LOAD });
    if (answer.status < 400) expect([OWN, gateway.origin]).toContain(originAfter(answer.headers.get("location")));
  });
});

test("changing the password leads to the account page, whatever is asked for", async () => {
  for (const query of ["", "?return_to=//evil.example", "?//evil.example"]) {
    const answer = await createBrowser(gateway.origin).fetch(`/.well-known/change-password${query}`);
    expect([answer.status, answer.headers.get("location")]).toEqual([302, "/account#password"]);
  }
});

test.each([
  "//evil.example/",
  "/\\evil.example/",
  "///evil.example",
  "/%2F/evil.example",
  "/%5Cevil.example",
  "/..//evil.example",
  "/a/..//evil.example",
])("a page load of %s is refused, and leads nowhere", async (target) => {
  const text = `GET ${target} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nConnection: close\r\n\r\n`;
  const answer = await rawRequest(gateway.origin, text);
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).not.toMatch(/^location:/im);
});
