import { beforeEach, describe, expect, test } from "vitest";
import { addAuthenticator, sayCapabilities } from "./support/authenticator.ts";
import { passkey, problem, promptedSession, registrationCeremony, session } from "./support/gateway-bodies.ts";
import { providePages } from "./support/pages.ts";

const it = providePages();
const LOGIN = "POST /.ory/kratos/self-service/login";
const START = "POST /api/passkeys/register/start";
const FINISH = "POST /api/passkeys/register/finish";
const asked = (call: string) => it.server.seen.filter(({ method, path }) => `${method} ${path}` === call);

async function signIn(address = "/login?return_to=%2Freports"): Promise<void> {
  await it.open(address);
  await it.page.getByLabel("E-mail").fill("ann@example.com");
  await it.page.getByLabel("Password", { exact: true }).fill("correct horse");
  await it.page.keyboard.press("Enter");
}

/** Somebody who is signed in types the password once more, for some action. */
async function signInAgain(): Promise<void> {
  it.server.on("GET /api/auth/session", { body: session("password") });
  await it.open("/login?reauthenticate=1&return_to=%2Faccount");
  await it.page.getByLabel("Password", { exact: true }).fill("correct horse");
  await it.page.keyboard.press("Enter");
  await it.page.waitForURL("**/account");
}

/** Signs in where the gateway says from then on who that is. */
function answerSignIn(signedIn: object): void {
  it.server.on(LOGIN, () => {
    it.server.on("GET /api/auth/session", { body: signedIn });
    return { body: { session: {} } };
  });
}

/** A browser with a password manager that adds passkeys by itself, as the virtual one does when asked. */
async function upgradingBrowser(): Promise<void> {
  await sayCapabilities(it.page, { conditionalCreate: true });
  await it.page.addInitScript(() => {
    const create = navigator.credentials.create.bind(navigator.credentials);
    navigator.credentials.create = (options: CredentialCreationOptions & { mediation?: string } = {}) => {
      const { mediation, ...rest } = options;
      Object.assign(window, { mediation });
      return create(rest);
    };
  });
}

describe("the offer of a passkey after a sign-in", () => {
  beforeEach(() => sayCapabilities(it.page, {}));

  test("comes where the gateway wants it, and keeps the way on", async () => {
    answerSignIn(promptedSession());
    await signIn();
    await it.page.waitForURL("**/register/passkey-offer?return_to=%2Freports");
    await it.page.getByRole("button", { name: "Not now" }).waitFor();
  });

  test("says when it is no offer", async () => {
    answerSignIn(promptedSession("required"));
    await signIn();
    await it.page.waitForURL("**/register/passkey-offer?required=1&return_to=%2Freports");
  });

  test("does not come where the gateway does not want it, or cannot say", async () => {
    answerSignIn(session("password"));
    await signIn();
    await it.page.waitForURL("**/reports");
    it.server.on("GET /api/auth/session", { body: { authenticated: false } });
    it.server.on(LOGIN, () => {
      it.server.on("GET /api/auth/session", problem(503, "dependency_unavailable"));
      return { body: { session: {} } };
    });
    await signIn();
    await it.page.waitForURL("**/reports");
  });

  test("does not come between a fresh sign-in and what it was for", async () => {
    answerSignIn(promptedSession());
    await signInAgain();
  });

  test("does not come where there can be none, unless there has to be one", async () => {
    await it.page.addInitScript(() => Reflect.deleteProperty(window, "PublicKeyCredential"));
    answerSignIn(promptedSession());
    await signIn();
    await it.page.waitForURL("**/reports");
  });
});

describe("a browser that adds a passkey by itself", () => {
  beforeEach(async () => {
    await upgradingBrowser();
    it.server.on(START, () => ({ body: registrationCeremony() }));
    it.server.on(FINISH, { status: 201, body: { passkey: passkey("pk-1", "Laptop") } });
    answerSignIn(session("password"));
  });

  test("does so after a sign-in by password, without a word", async () => {
    await addAuthenticator(it.page);
    await signIn();
    await it.page.waitForURL("**/reports");
    expect(asked(START).map(({ body }) => body)).toEqual([{ conditional: true }]);
    expect(asked(FINISH)[0]?.body).toMatchObject({ credential: { type: "public-key" } });
  });

  test.each([
    ["the gateway refuses", () => it.server.on(START, problem(403, "passkeys_disabled"))],
    ["the gateway is away", () => it.server.on(START, problem(503, "dependency_unavailable"))],
    ["the gateway never answers", () => it.server.on(START, { after: new Promise(() => undefined) })],
    ["the passkey is refused", () => it.server.on(FINISH, problem(400, "verification_failed"))],
  ])("nothing keeps the person where %s", async (_, arrange) => {
    arrange();
    await addAuthenticator(it.page);
    await signIn();
    await it.page.waitForURL("**/reports");
  });

  test.each(["InvalidStateError", "NotAllowedError", "never"])("nor where the browser says %s", async (name) => {
    await it.page.addInitScript((error) => {
      navigator.credentials.create = () =>
        error === "never" ? new Promise(() => undefined) : Promise.reject(new DOMException("no", error));
    }, name);
    await signIn();
    await it.page.waitForURL("**/reports");
    expect(asked(FINISH)).toEqual([]);
  });

  test("is not asked before a fresh sign-in for some action", async () => {
    await signInAgain();
    expect(asked(START)).toEqual([]);
  });
});
