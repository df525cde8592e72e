import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/server";
import type { TestBrowser } from "../support/browser.ts";
import type { Started } from "../support/passkey-steps.ts";
import { submit } from "../support/people.ts";
import { createSoftwareAuthenticator } from "../support/software-authenticator.ts";
import type { Action, Outcome } from "./fault-table.ts";
import type { Account } from "./fault-world.ts";

const OF_STATUS: Readonly<Record<number, Outcome>> = {
  200: "works",
  201: "works",
  204: "works",
  401: "signIn",
  500: "itsError",
  502: "badGateway",
  503: "unavailable",
  504: "gatewayTimeout",
};

/** @throws Error for an answer no action may come to. */
async function outcomeOf(response: Response): Promise<Outcome> {
  const outcome = OF_STATUS[response.status];
  if (outcome) return outcome;
  throw new Error(`unexpected: ${response.status} ${await response.text()}`);
}

type Do = (browser: TestBrowser, account: Account) => Promise<Response>;

const addPasskey: Do = async (browser, { spare }) => {
  const start = await browser.post("/api/passkeys/register/start");
  if (start.status !== 200) return start;
  const { ceremony_id, options } = (await start.json()) as Started<PublicKeyCredentialCreationOptionsJSON>;
  const authenticator = createSoftwareAuthenticator({ origin: browser.origin });
  const credential = authenticator.register(options);
  const finish = await browser.post("/api/passkeys/register/finish", { ceremony_id, credential });
  if (finish.status === 201) spare.push(authenticator.credentialId);
  return finish;
};

const removePasskey: Do = async (browser, { spare }) => {
  const [credentialId = ""] = spare;
  const answer = await browser.fetch(`/api/passkeys/${credentialId}`, { method: "DELETE" });
  if (answer.status === 204) spare.splice(spare.indexOf(credentialId), 1);
  return answer;
};

const passkeySignIn: Do = async (browser, { authenticator }) => {
  const start = await browser.post("/api/passkeys/login/start");
  if (start.status !== 200) return start;
  const { ceremony_id, options } = (await start.json()) as Started<PublicKeyCredentialRequestOptionsJSON>;
  return browser.post("/api/passkeys/login/finish", { ceremony_id, credential: authenticator.authenticate(options) });
};

const recoveryCode: Do = async (browser, { person, codes }) => {
  const answer = await browser.post("/api/auth/recovery-code", { email: person.email, code: codes[0] });
  if (answer.status === 200) codes.shift();
  return answer;
};

const DO: Readonly<Record<Action, Do>> = {
  session: (browser) => browser.fetch("/api/auth/session"),
  page: (browser) => browser.fetch("/page"),
  forwardAuth: (browser) => {
    const original = { "x-original-url": `${browser.origin}/page`, "x-original-method": "GET" };
    return browser.fetch("/api/authz/auth-request", { headers: original });
  },
  addPasskey,
  removePasskey,
  signOut: (browser) => browser.post("/api/auth/logout"),
  passkeySignIn,
  passwordSignIn: (browser, { person }) =>
    submit(browser, "login", { method: "password", identifier: person.email, password: person.password }),
  recoveryCode,
};

/** Does it, and says what it came to. */
export async function act(action: Action, browser: TestBrowser, account: Account): Promise<Outcome> {
  let answer: Response;
  try {
    answer = await DO[action](browser, account);
  } catch (error) {
    // What undici says of a connection that ended within an answer.
    if (error instanceof Error && "code" in error) return "brokenOff";
    throw error;
  }
  if (action !== "session" || answer.status !== 200) return outcomeOf(answer);
  const { authenticated } = (await answer.json()) as { authenticated: boolean };
  return authenticated ? "works" : "signIn";
}
