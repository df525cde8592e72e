import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/server";
import type { TestBrowser } from "../support/browser.ts";
import type { Started } from "../support/passkey-steps.ts";
import { submit } from "../support/people.ts";
import { createSoftwareAuthenticator } from "../support/software-authenticator.ts";
import { type Act, change, chosen, type Do, toldSignedOut } from "./acts.ts";
import { closeOpen, type HeldPasskey, heldCookies, nowIn, nowUnsure, SESSION_COOKIES } from "./soak-person.ts";

const EXISTS = "4000007";
const WRONG = "4000006";

/** The messages of a form of Kratos', by number. */
const messagesIn = async (answer: Response) =>
  [...(await answer.clone().text()).matchAll(/"id":(\d{7})/g)].map(([, id]) => id);

/** Kratos' forms are handed on: under a fault the answer may be anything. */
const fill = ({ device }: Act, kind: string, values: Record<string, unknown>) =>
  change(
    () => submit(device.browser, kind, values),
    () => nowUnsure(device),
  );

async function isOwn({ deps, person }: Act, answer: Response): Promise<void> {
  const { identity } = (await answer.json()) as { identity?: { id: string; email: string } };
  deps.ledger.check(
    "ownIdentity",
    identity?.email === person.email,
    () => `sign-in: ${person.email} ${identity?.email}`,
  );
  person.id = identity?.id ?? person.id;
}

/** Signs the device in by password; an account that may be there is there then. */
const signInByPassword: Do = async (act) => {
  const { deps, person, device } = act;
  if (device.state !== "out") return "signed in already";
  const values = { method: "password", identifier: person.email, password: person.password };
  const answer = await fill(act, "login", values);
  if (answer.status === 200) {
    deps.ledger.check("accountKept", true, () => "");
    person.account = "there";
    nowIn(device);
    return "signed in";
  }
  const messages = await messagesIn(answer);
  if (!messages.includes(WRONG)) return `${answer.status} ${messages.join(" ")}`.trim();
  deps.ledger.check("accountKept", person.account !== "there", () => `${person.email}: wrong password, says Kratos`);
  if (person.account === "maybe") person.account = "none";
  return "no account";
};

/** Signs up by password. */
export const signUp: Do = async (act) => {
  const { person, device } = act;
  if (person.account === "maybe") return signInByPassword(act);
  person.account = "maybe";
  const values = { method: "password", password: person.password, traits: { email: person.email } };
  const answer = await fill(act, "registration", values);
  if (answer.status === 200) {
    person.account = "there";
    nowIn(device);
    return "signed up";
  }
  const messages = await messagesIn(answer);
  return messages.includes(EXISTS) ? "there already" : `${answer.status} ${messages.join(" ")}`.trim();
};

/** Both halves of a sign-in by passkey; the answer of the first one that is no success. */
export async function answerChallenge(
  browser: TestBrowser,
  { authenticator }: HeldPasskey,
  send: (finish: () => Promise<Response>) => Promise<Response> = (finish) => finish(),
): Promise<Response> {
  const start = await browser.post("/api/passkeys/login/start");
  if (start.status !== 200) return start;
  const { ceremony_id, options } = (await start.json()) as Started<PublicKeyCredentialRequestOptionsJSON>;
  const credential = authenticator.authenticate(options);
  return send(() => browser.post("/api/passkeys/login/finish", { ceremony_id, credential }));
}

/** Signs in by a passkey that is there; a session it replaces has ended. */
const signInByPasskey: Do = async (act) => {
  const { deps, person, device, choice } = act;
  const { browser } = device;
  const held = chosen(
    person.passkeys.filter(({ state }) => state === "there"),
    choice,
  );
  if (!held) return "has no passkey";
  const before = heldCookies(device);
  const answer = await answerChallenge(browser, held, (finish) => change(finish, () => nowUnsure(device)));
  const isGone = answer.status === 404 && held.state === "there";
  deps.ledger.check("credentialKept", !isGone, () => `${person.email}: ${held.authenticator.credentialId} is unknown`);
  if (answer.status !== 200) return String(answer.status);
  await isOwn(act, answer);
  if (before.some(([name, value]) => browser.cookies.get(name) !== value)) {
    // What was opened with them may go on by a session that this browser still has, or forgot (docs/decisions/0037).
    closeOpen(device);
  }
  const replaced = before.filter(([name]) => name === SESSION_COOKIES[0]);
  if (replaced.length > 0) deps.graveyard.buryCookies(person.email, replaced);
  nowIn(device);
  return "signed in";
};

/** Somebody new signs up by passkey, and leaves. */
const signUpByPasskey: Do = async (act) => {
  const guest = act.deps.newGuest();
  const [device] = guest.devices;
  if (!device) return "has no device";
  const { browser } = device;
  const start = await browser.post("/api/passkeys/signup/start", { email: guest.email });
  if (start.status !== 200) return String(start.status);
  const { ceremony_id, options } = (await start.json()) as Started<PublicKeyCredentialCreationOptionsJSON>;
  const authenticator = createSoftwareAuthenticator({ origin: browser.origin });
  const credential = authenticator.register(options);
  const held: HeldPasskey = { authenticator, state: "maybe", unclearAt: performance.now() };
  guest.passkeys.push(held);
  guest.account = "maybe";
  guest.notices += 1;
  act.deps.guests.push(guest);
  const answer = await browser.post("/api/passkeys/signup/finish", { ceremony_id, credential });
  if (answer.status !== 201) return String(answer.status);
  await isOwn({ ...act, person: guest }, answer);
  held.state = "there";
  guest.account = "there";
  return "signed up";
};

/** Ends what this device holds. */
const signOut: Do = async ({ deps, person, device }) => {
  if (device.state === "out") return "not signed in";
  const cookies = heldCookies(device);
  const answer = await change(
    () => device.browser.post("/api/auth/logout"),
    () => nowUnsure(device),
  );
  if (answer.status === 204) deps.graveyard.bury(person.email, device, cookies);
  return String(answer.status);
};

async function endMany(act: Act, send: () => Promise<Response>, success: number, keep: boolean): Promise<string> {
  const { deps, person, device } = act;
  if (device.state !== "in") return "not signed in";
  const others = person.devices.filter((other) => other.state !== "out" && !(keep && other === device));
  // The answer takes the cookies of this one away.
  const ended = others.map((other) => ({ device: other, cookies: heldCookies(other) }));
  const answer = await change(send, () => {
    for (const other of others) nowUnsure(other);
  });
  if (answer.status === 401) toldSignedOut(act, "sessions");
  if (answer.status !== success) return String(answer.status);
  for (const one of ended) deps.graveyard.bury(person.email, one.device, one.cookies);
  return String(success);
}

const signOutEverywhere: Do = (act) =>
  endMany(act, () => act.device.browser.post("/api/auth/logout", { everywhere: true }), 204, false);

const endOthers: Do = (act) =>
  endMany(act, () => act.device.browser.fetch("/api/auth/sessions", { method: "DELETE" }), 200, true);

/** What begins and ends sessions. */
export const SIGNING = { signInByPassword, signInByPasskey, signUpByPasskey, signOut, signOutEverywhere, endOthers };
