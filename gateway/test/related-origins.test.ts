import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestBrowser } from "./support/browser.ts";
import { answerOf, createPasskeyWorld, type PasskeyWorld, problem } from "./support/passkey-world.ts";
import type { SoftwareAuthenticator } from "./support/software-authenticator.ts";

const RELATED = "https://brand.example";
const UNLISTED = "https://other.example";

let world: PasskeyWorld;
beforeAll(async () => {
  world = await createPasskeyWorld({ env: { PASSKEY_RELATED_ORIGINS: RELATED } });
});
afterAll(() => world.stop());

/** Sends as a page of that origin does whose host the gateway serves as well. */
const postFrom =
  (origin: string, site = "same-origin") =>
  (browser: TestBrowser, path: string, json: object) =>
    answerOf(browser.fetch(path, { method: "POST", json, headers: { origin, "sec-fetch-site": site } }));

type Post = ReturnType<typeof postFrom>;

/** A ceremony held on a page of `origin`, its requests sent by `post`; the finish's answer. */
async function hold(
  post: Post,
  browser: TestBrowser,
  [kind, authenticator, origin]: ["register" | "login", SoftwareAuthenticator, string],
) {
  const { body } = await post(browser, `/api/passkeys/${kind}/start`, {});
  const options = body.options as never;
  const credential =
    kind === "register" ? authenticator.register(options, { origin }) : authenticator.authenticate(options, { origin });
  return post(browser, `/api/passkeys/${kind}/finish`, { ceremony_id: body.ceremony_id, credential });
}

test("a related origin's page registers and signs in, and the passkey is good at home, too", async () => {
  const authenticator = world.authenticator();
  const post = postFrom(RELATED);
  const registered = await hold(post, world.browser(world.people.add()), ["register", authenticator, RELATED]);
  expect(registered.status).toBe(201);
  const browser = world.browser();
  expect(await hold(post, browser, ["login", authenticator, RELATED])).toMatchObject({ status: 200 });
  expect(await answerOf(browser.fetch("/api/auth/session"))).toMatchObject({ body: { authenticated: true } });

  const { origin } = world.gateway;
  const home = await hold(postFrom(origin), world.browser(), ["login", authenticator, origin]);
  expect(home.status).toBe(200);
});

test("a ceremony held on an origin that is not listed is refused, whoever sends it", async () => {
  const post = postFrom(world.gateway.origin);
  const authenticator = world.authenticator();
  const browser = world.browser(world.people.add());
  const registered = await hold(post, browser, ["register", authenticator, UNLISTED]);
  expect(registered).toMatchObject(problem(400, "verification_failed"));
  expect((await hold(post, browser, ["register", authenticator, RELATED])).status).toBe(201);
  const signedIn = await hold(post, world.browser(), ["login", authenticator, UNLISTED]);
  expect(signedIn).toMatchObject(problem(400, "verification_failed"));
});

test.each([
  ["an origin that is not listed", postFrom(UNLISTED)],
  ["a related origin whose host is another server's", postFrom(RELATED, "cross-site")],
])("the page of %s may not even begin", async (_what, post) => {
  const refusal = problem(403, "csrf_rejected");
  expect(await post(world.browser(), "/api/passkeys/login/start", {})).toMatchObject(refusal);
  const signedIn = world.browser(world.people.add());
  expect(await post(signedIn, "/api/passkeys/register/start", {})).toMatchObject(refusal);
});
