import { waitUntil } from "../../../scripts/wait-until.ts";
import type { TestBrowser } from "../support/browser.ts";
import { submit } from "../support/people.ts";
import type { SoakDeps } from "./acts.ts";
import { compare } from "./acts-credentials.ts";
import { answerChallenge } from "./acts-signing.ts";
import type { HeldPasskey, SoakPerson } from "./soak-person.ts";

const PATIENCE = 60_000;

/** All is well: what does not answer at once does soon. */
const answered = (what: string, send: () => Promise<Response>): Promise<Response> =>
  waitUntil(
    async () => {
      const answer = await send();
      if (answer.status >= 500) throw new Error(`${answer.status}`);
      return answer;
    },
    { what, timeout: PATIENCE },
  );

type Check = {
  readonly deps: SoakDeps;
  readonly person: SoakPerson;
  readonly browser: () => TestBrowser;
};

async function signInBy({ browser }: Check, held: HeldPasskey): Promise<Response> {
  const own = browser();
  return answered("a sign-in", () => answerChallenge(own, held));
}

async function checkPasskeys(check: Check): Promise<void> {
  const { deps, person } = check;
  const { ledger } = deps;
  for (const held of person.passkeys) {
    const { status } = await signInBy(check, held);
    const id = `${person.email}: ${held.authenticator.credentialId}: ${status}`;
    if (held.state === "there") ledger.check("credentialKept", status === 200, () => id);
    if (held.state === "gone") ledger.check("credentialGone", status === 404, () => id);
    if (held.state === "maybe") ledger.check("credentialKept", status === 200 || status === 404, () => id);
  }
}

async function checkDevices({ deps, person }: Check): Promise<void> {
  for (const { state, browser } of person.devices) {
    if (state !== "in") continue;
    const answer = await answered("a session check", () => browser.fetch("/api/auth/session"));
    const { authenticated } = (await answer.json()) as { authenticated: boolean };
    deps.ledger.check("signedIn", authenticated, () => `${person.email}: at the end`);
  }
}

async function redeem({ person, browser }: Check, code: string): Promise<number> {
  const body = { email: person.email, code };
  return (await answered("a recovery code", () => browser().post("/api/auth/recovery-code", body))).status;
}

/** One good code, twice, and one that was spent before. */
async function checkCodes(check: Check): Promise<void> {
  const { ledger } = check.deps;
  const { email, codes, spentCodes } = check.person;
  const [good] = codes;
  if (good !== undefined) {
    check.person.notices += 1;
    const first = await redeem(check, good);
    ledger.check("codeKept", first === 200, () => `${email}: ${first} at the end`);
    const second = await redeem(check, good);
    ledger.check("codeOnce", second === 401, () => `${email}: ${second} the second time`);
  }
  const spent = spentCodes.at(-1);
  if (spent === undefined) return;
  const status = await redeem(check, spent);
  ledger.check("codeOnce", status === 401, () => `${email}: ${status} for a spent code`);
}

async function countIdentities({ deps, person }: Check): Promise<number> {
  const url = new URL("/admin/identities", deps.world.stack.kratosAdminUrl);
  url.searchParams.set("credentials_identifier", person.email);
  return ((await (await fetch(url)).json()) as unknown[]).length;
}

async function checkAccount(check: Check): Promise<void> {
  const { deps, person, browser } = check;
  const count = await countIdentities(check);
  const fits = person.account === "there" ? count === 1 : count <= 1;
  deps.ledger.check("accountKept", fits, () => `${person.email}: ${count} identities`);
  if (person.account !== "there") return;
  const own = browser();
  const values = { method: "password", identifier: person.email, password: person.password };
  const answer = await answered("a sign-in by password", () => submit(own, "login", values));
  deps.ledger.check("accountKept", answer.status === 200, () => `${person.email}: ${answer.status} at the end`);
  const list = await answered("the passkeys", () => own.fetch("/api/passkeys"));
  const { passkeys } = (await list.json()) as { passkeys: { id: string }[] };
  const ids = passkeys.map(({ id }) => id);
  compare(deps, person, ids);
}

/** All is well again: everybody has what was acknowledged to them, and nothing else. */
export async function checkPerson(check: Check): Promise<void> {
  await checkDevices(check);
  await checkAccount(check);
  await checkPasskeys(check);
  await checkCodes(check);
}

/** The same for somebody without a password. */
export async function checkGuest(check: Check): Promise<void> {
  const { deps, person } = check;
  const count = await countIdentities(check);
  const fits = person.account === "there" ? count === 1 : count <= 1;
  deps.ledger.check("accountKept", fits, () => `${person.email}: ${count} identities`);
  await checkPasskeys(check);
}
