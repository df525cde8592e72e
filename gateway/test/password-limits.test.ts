import { request } from "undici";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { createMailbox } from "../../scripts/parts/mailbox.ts";
import { at, nextAddress } from "./support/addresses.ts";
import { createBrowser, type TestBrowser } from "./support/browser.ts";
import { createPasskeyFor, signInWithPasskey } from "./support/passkey-steps.ts";
import { createPerson, type Person, signUp, submit } from "./support/people.ts";
import { createTestDatabase, type RunningGateway, startGateway } from "./support/start-gateway.ts";

const TRUSTING = { TRUSTED_PROXIES: "127.0.0.0/8,::1" };

let databaseUrl: string;
let gateway: RunningGateway;
beforeAll(async () => {
  databaseUrl = await createTestDatabase();
  gateway = await startGateway({ env: { DATABASE_URL: databaseUrl, ...TRUSTING, RATE_LIMIT_FACTOR: "1" } });
});
afterAll(() => gateway.stop());

const somewhere = (address = nextAddress()) => at(createBrowser(gateway.origin), address);
const tryPassword = async (browser: TestBrowser, identifier: string, password = "not the password") =>
  submit(browser, "login", { method: "password", identifier, password });
const statusOf = async (answer: Promise<Response>) => (await answer).status;

async function join(): Promise<{ person: Person; browser: TestBrowser }> {
  const browser = somewhere();
  const person = createPerson();
  await signUp(browser, person);
  return { person, browser };
}

/** Uses up an account's tries of a minute, each from another place and in another spelling. */
async function useUp(email: string) {
  const spellings = [email, email.toUpperCase(), ` ${email}`, email.replace("e", "E"), `${email}\t`];
  const answers = await Promise.all(
    [...spellings, ...spellings].map((spelling) => statusOf(tryPassword(somewhere(), spelling))),
  );
  expect(answers).toEqual(Array(10).fill(400));
}

describe("ten tries of a password a minute for an account, over all addresses and spellings", () => {
  test("the eleventh is refused, whether or not there is such an account, and even with the right password", async () => {
    const { person } = await join();
    for (const email of [person.email, `nobody-${person.email}`]) {
      await useUp(email);
      const refused = await tryPassword(somewhere(), email, person.password);
      expect(refused.status).toBe(429);
      const seconds = Number(refused.headers.get("retry-after"));
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThanOrEqual(60);
      expect(await refused.json()).toMatchObject({ code: "rate_limited" });
    }
  });

  test("a passkey is not concerned, and neither is a browser that signed in to the account before", async () => {
    const { person, browser } = await join();
    const authenticator = await createPasskeyFor(browser);
    const known = somewhere();
    expect(await statusOf(tryPassword(known, person.email, person.password))).toBe(200);
    known.cookies.delete("ory_kratos_session");
    await useUp(person.email);
    expect(await statusOf(tryPassword(somewhere(), person.email, person.password))).toBe(429);

    expect(await statusOf(signInWithPasskey(somewhere(), authenticator))).toBe(200);
    expect(await statusOf(tryPassword(known, person.email, person.password))).toBe(200);
  });

  test("a browser is known for its own account only, and has no more tries than anybody", async () => {
    const [victim, attacker] = [await join(), await join()];
    const known = somewhere();
    expect(await statusOf(tryPassword(known, attacker.person.email, attacker.person.password))).toBe(200);
    known.cookies.delete("ory_kratos_session");
    await useUp(victim.person.email);
    expect(await statusOf(tryPassword(known, victim.person.email))).toBe(429);

    const elsewhere = () => at(known, nextAddress());
    const tries = Array.from({ length: 10 }, () => statusOf(tryPassword(elsewhere(), attacker.person.email)));
    expect(await Promise.all(tries)).toEqual(Array(10).fill(400));
    expect(await statusOf(tryPassword(elsewhere(), attacker.person.email, attacker.person.password))).toBe(429);
  });

  test("right passwords do not count", async () => {
    const { person } = await join();
    for (let times = 0; times < 12; times += 1) {
      expect(await statusOf(tryPassword(somewhere(), person.email, person.password))).toBe(200);
    }
  });

  test("by whatever name, form or flow a password is handed in", async () => {
    const { person } = await join();
    await useUp(person.email);
    const older = { method: "password", password_identifier: person.email, password: person.password };
    expect(await statusOf(submit(somewhere(), "login", older))).toBe(429);

    const native = somewhere();
    const flow = (await (await native.fetch("/.ory/kratos/self-service/login/api")).json()) as { id: string };
    const path = `/.ory/kratos/self-service/login?flow=${flow.id}`;
    const right = { method: "password", identifier: person.email, password: person.password };
    expect(await statusOf(native.post(path, right))).toBe(429);

    // Not by the global fetch, which writes Sec-Fetch-Mode itself.
    const form = await request(gateway.origin + path, {
      method: "POST",
      headers: { accept: "text/html", "content-type": "application/x-www-form-urlencoded" },
      body: String(new URLSearchParams(right)),
    });
    expect([form.statusCode, form.headers["cache-control"]]).toEqual([429, "no-store"]);
    expect(form.headers["content-type"]).toMatch(/^text\/html/);
    expect(await form.body.text()).toContain("Too many tries");
  });

  test("and not by GET, which Kratos routes as well", async () => {
    const { person } = await join();
    const browser = somewhere();
    const flow = (await (await browser.fetch("/.ory/kratos/self-service/login/api")).json()) as { id: string };
    const right = { method: "password", identifier: person.email, password: person.password };
    const query = new URLSearchParams({ flow: flow.id, ...right });
    const answer = await browser.fetch(`/.ory/kratos/self-service/login?${query}`);
    expect(await answer.text()).not.toContain("session_token");
    expect(browser.cookies.has("ory_kratos_session")).toBe(false);
  });
});

test("before anything is refused, tries are kept waiting, and each a little longer", async () => {
  const { person } = await join();
  const address = nextAddress();
  const times: number[] = [];
  for (let tries = 0; tries < 5; tries += 1) {
    const start = performance.now();
    expect(await statusOf(tryPassword(somewhere(address), person.email))).toBe(400);
    times.push(performance.now() - start);
  }
  expect(times[3]).toBeGreaterThan(500);
  expect(times[4]).toBeGreaterThan(1_000);
});

test("sixty tries a minute from an address, which for IPv6 is a network, over all accounts", async () => {
  const tenth = await startGateway({ env: { DATABASE_URL: databaseUrl, ...TRUSTING, RATE_LIMIT_FACTOR: "0.1" } });
  try {
    const network = nextAddress().replace(/1$/, "");
    const from = (host: number) => at(createBrowser(tenth.origin), `${network}${host.toString(16)}`);
    const tries = Array.from({ length: 7 }, (_, host) => statusOf(tryPassword(from(host + 1), createPerson().email)));
    expect((await Promise.all(tries)).toSorted()).toEqual([...Array(6).fill(400), 429]);
  } finally {
    await tenth.stop();
  }
});

describe("mails that Kratos sends when it is asked to", () => {
  const askForCode = (kind: string, email: string) => statusOf(submit(somewhere(), kind, { method: "code", email }));

  test("five codes in a quarter of an hour to a mailbox, recovery and verification together", async () => {
    const { person } = await join();
    const mailbox = createMailbox(inject("stack").mailUrl);
    await mailbox.waitFor(person.email);
    const kinds = ["recovery", "verification", "recovery", "verification", "recovery"];
    const spelled = (index: number) => (index % 2 === 0 ? person.email : person.email.toUpperCase());
    expect(await Promise.all(kinds.map((kind, index) => askForCode(kind, spelled(index))))).toEqual(Array(5).fill(200));
    for (const kind of ["recovery", "verification"]) expect(await askForCode(kind, person.email)).toBe(429);
    const stranger = `nobody-${person.email}`;
    const asked = await Promise.all(Array.from({ length: 6 }, () => askForCode("recovery", stranger)));
    expect(asked.toSorted()).toEqual([...Array(5).fill(200), 429]);
  });

  test("fifteen sign-ups naming it, in any form", async () => {
    const { email } = createPerson();
    const attempt = () => statusOf(submit(somewhere(), "registration", { method: "password", traits: { email } }));
    const attempts = await Promise.all(Array.from({ length: 16 }, attempt));
    expect(attempts.toSorted()).toEqual([...Array(15).fill(400), 429]);
    const form = await fetch(`${gateway.origin}/.ory/kratos/self-service/registration`, {
      method: "POST",
      body: new URLSearchParams({ method: "password", "traits.email": email.toUpperCase() }),
    });
    expect(form.status).toBe(429);
    const parts = new FormData();
    parts.set("traits.email", email);
    const init = { method: "POST", body: parts };
    expect(await statusOf(fetch(`${gateway.origin}/.ory/kratos/self-service/registration`, init))).toBe(415);
  });
});
