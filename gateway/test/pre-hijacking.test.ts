import pino from "pino";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { codeIn, createMailbox, type Mailbox } from "../../scripts/parts/mailbox.ts";
import {
  addressVerified,
  askForCode,
  enterCode,
  openLink,
  signUpWithPasskey,
  verificationMail,
  verifyByLink,
} from "./support/address-owner.ts";
import { createBrowser } from "./support/browser.ts";
import { createPasskeyFor, signInWithPasskey } from "./support/passkey-steps.ts";
import { createPerson, type Person, recover, signIn, signUp, submit } from "./support/people.ts";
import { createTestDatabase, type RunningGateway, startGateway } from "./support/start-gateway.ts";

const lines: Record<string, unknown>[] = [];
const log = pino({ level: "info" }, { write: (line: string) => lines.push(JSON.parse(line)) });

let gateway: RunningGateway;
let mailbox: Mailbox;
beforeAll(async () => {
  mailbox = createMailbox(inject("stack").mailUrl);
  gateway = await startGateway({
    env: { DATABASE_URL: await createTestDatabase(), KRATOS_SESSION_CACHE_TTL: "0", IDENTITY_CACHE_TTL: "0" },
    overrides: { log },
  });
});
afterAll(() => gateway.stop());

const browser = () => createBrowser(gateway.origin);
const statusOf = async (pending: Promise<Response>) => (await pending).status;
const passwordWorks = (person: Person) =>
  signIn(browser(), person).then(
    () => true,
    () => false,
  );
const stateOf = async (answer: Response) => ((await answer.json()) as { state: string }).state;
const removed = () => lines.filter(({ event }) => event === "account.unproved_access_removed");

describe("somebody signs up by passkey with another's address", () => {
  async function squat() {
    const { email } = createPerson("victim");
    const attacker = browser();
    const { authenticator } = await signUpWithPasskey(attacker, email);
    expect(await addressVerified(attacker)).toBe(false);
    expect(await statusOf(signInWithPasskey(browser(), authenticator))).toBe(200);
    return { email, attacker, authenticator };
  }

  test("the owner opens the mail's link: passkey and sessions are gone", async () => {
    const { email, attacker, authenticator } = await squat();
    const elsewhere = browser();
    await signInWithPasskey(elsewhere, authenticator);
    expect(await stateOf(await verifyByLink(browser(), email, mailbox))).toBe("passed_challenge");
    expect(await statusOf(signInWithPasskey(browser(), authenticator))).toBe(404);
    expect(await addressVerified(attacker)).toBeNull();
    expect(await addressVerified(elsewhere)).toBeNull();
    expect(removed().at(-1)).toMatchObject({ audit: true, passkeys: 1, password: false });
  });

  test("the owner asks for a code of their own: gone as well", async () => {
    const { email, attacker, authenticator } = await squat();
    const first = await verificationMail(mailbox, email);
    const owner = browser();
    const page = await askForCode(owner, email);
    const mail = await verificationMail(mailbox, email, first);
    expect(await stateOf(await enterCode(owner, page, codeIn(mail)))).toBe("passed_challenge");
    expect(await statusOf(signInWithPasskey(browser(), authenticator))).toBe(404);
    expect(await addressVerified(attacker)).toBeNull();
  });

  test("the owner recovers the account: gone, and the owner is in", async () => {
    const { email, attacker, authenticator } = await squat();
    const owner = browser();
    await recover(owner, email, mailbox);
    expect(await addressVerified(owner)).toBe(true);
    expect(await statusOf(signInWithPasskey(browser(), authenticator))).toBe(404);
    expect(await addressVerified(attacker)).toBeNull();
    const own = await createPasskeyFor(owner);
    expect(await statusOf(signInWithPasskey(browser(), own))).toBe(200);
  });

  test("recovery codes that were made meanwhile are gone, too", async () => {
    const { email, attacker } = await squat();
    const made = await attacker.post("/api/recovery-codes");
    const { codes } = (await made.json()) as { codes: string[] };
    await verifyByLink(browser(), email, mailbox);
    const code = codes[0] ?? "";
    expect(await statusOf(browser().post("/api/auth/recovery-code", { email, code }))).toBe(401);
  });

  test("the owner is signed in as somebody else meanwhile: gone, and that account stays", async () => {
    const { email, authenticator } = await squat();
    const owner = browser();
    const other = createPerson("other");
    await signUp(owner, other);
    await verifyByLink(owner, email, mailbox);
    expect(await statusOf(signInWithPasskey(browser(), authenticator))).toBe(404);
    expect(await passwordWorks(other)).toBe(true);
  });

  test("a wrong code proves nothing and removes nothing", async () => {
    const { email, attacker, authenticator } = await squat();
    const mail = await verificationMail(mailbox, email);
    const stranger = browser();
    const wrong = String((Number(codeIn(mail)) + 1) % 1_000_000).padStart(6, "0");
    expect(await stateOf(await enterCode(stranger, await openLink(stranger, mail), wrong))).toBe("sent_email");
    expect(await addressVerified(attacker)).toBe(false);
    expect(await statusOf(signInWithPasskey(browser(), authenticator))).toBe(200);
  });
});

describe("somebody signs up by password with another's address and adds a passkey", () => {
  async function squat() {
    const person = createPerson("victim");
    const attacker = browser();
    await signUp(attacker, person);
    const authenticator = await createPasskeyFor(attacker);
    const elsewhere = browser();
    await signInWithPasskey(elsewhere, authenticator);
    expect(await passwordWorks(person)).toBe(true);
    return { person, attacker, authenticator, elsewhere };
  }

  test("the owner opens the link of the sign-up's mail: password, passkey and all sessions are gone", async () => {
    const { person, attacker, authenticator, elsewhere } = await squat();
    await verifyByLink(browser(), person.email, mailbox);
    expect(await passwordWorks(person)).toBe(false);
    expect(await statusOf(signInWithPasskey(browser(), authenticator))).toBe(404);
    expect(await addressVerified(attacker)).toBeNull();
    expect(await addressVerified(elsewhere)).toBeNull();
    expect(removed().at(-1)).toMatchObject({ passkeys: 1, password: true });
    const told = await mailbox.waitFor(person.email, ({ subject }) => subject.startsWith("We removed ways to sign in"));
    expect(told.text).toContain("- the passkey “Passkey”");
    expect(told.text).toContain("- the password");
  });

  test("the owner recovers the account: all are gone, and the owner's new password works", async () => {
    const { person, attacker, authenticator, elsewhere } = await squat();
    const owner = browser();
    await recover(owner, person.email, mailbox);
    expect(await passwordWorks(person)).toBe(false);
    expect(await statusOf(signInWithPasskey(browser(), authenticator))).toBe(404);
    expect(await addressVerified(attacker)).toBeNull();
    expect(await addressVerified(elsewhere)).toBeNull();
    const password = `${person.password} of the owner`;
    expect((await submit(owner, "settings", { method: "password", password })).status).toBe(200);
    expect(await passwordWorks({ ...person, password })).toBe(true);
  });
});

test("somebody moves an account to another's address: its owner's proof takes all of it away", async () => {
  const attacker = browser();
  const own = createPerson("attacker");
  await signUp(attacker, own);
  const mail = await verificationMail(mailbox, own.email);
  await enterCode(attacker, await openLink(attacker, mail), codeIn(mail));
  expect(await addressVerified(attacker)).toBe(true);
  const authenticator = await createPasskeyFor(attacker);
  const { email } = createPerson("victim");
  expect((await submit(attacker, "settings", { method: "profile", traits: { email } })).status).toBe(200);
  expect(await addressVerified(attacker)).toBe(false);
  await verifyByLink(browser(), email, mailbox);
  expect(await addressVerified(attacker)).toBeNull();
  expect(await statusOf(signInWithPasskey(browser(), authenticator))).toBe(404);
  expect(await passwordWorks({ ...own, email })).toBe(false);
});

describe("an honest person", () => {
  test("signs up by passkey and enters the code in the same browser: keeps everything", async () => {
    const ann = browser();
    const { email } = createPerson("ann");
    const { authenticator, page } = await signUpWithPasskey(ann, email);
    const before = removed().length;
    expect(page).toMatch(/^\/verify\?flow=/);
    expect(await stateOf(await enterCode(ann, page, codeIn(await verificationMail(mailbox, email))))).toBe(
      "passed_challenge",
    );
    expect(await addressVerified(ann)).toBe(true);
    const later = browser();
    expect(await statusOf(signInWithPasskey(later, authenticator))).toBe(200);
    expect(await addressVerified(later)).toBe(true);
    expect((await mailbox.list(email)).map(({ subject }) => subject)).toEqual([expect.stringMatching(/^Your code/)]);
    expect(removed()).toHaveLength(before);
  });

  test("adds a passkey right after that: it is theirs", async () => {
    const ann = browser();
    const person = createPerson("ann");
    await signUp(ann, person);
    const mail = await verificationMail(mailbox, person.email);
    await enterCode(ann, await openLink(ann, mail), codeIn(mail));
    const authenticator = await createPasskeyFor(ann);
    expect(await statusOf(signInWithPasskey(browser(), authenticator))).toBe(200);
    expect(await passwordWorks(person)).toBe(true);
  });

  test("recovers an account whose address was proved long ago: passkeys stay", async () => {
    const ann = browser();
    const person = createPerson("ann");
    await signUp(ann, person);
    const mail = await verificationMail(mailbox, person.email);
    await enterCode(ann, await openLink(ann, mail), codeIn(mail));
    const authenticator = await createPasskeyFor(ann);
    await recover(browser(), person.email, mailbox);
    expect(await statusOf(signInWithPasskey(browser(), authenticator))).toBe(200);
    expect(await passwordWorks(person)).toBe(true);
  });
});
