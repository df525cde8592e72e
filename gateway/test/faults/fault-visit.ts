import { KRATOS_SESSION_COOKIE } from "../../src/kratos/kratos-client.ts";
import type { TestBrowser } from "../support/browser.ts";
import { act } from "./fault-actions.ts";
import type { Action, Cells, Outcome } from "./fault-table.ts";
import type { Account, FaultWorld, Holdings } from "./fault-world.ts";

export const MEMBERS = ["passkey", "password", "both"] as const;

type Member = (typeof MEMBERS)[number];
type OfMembers<Value> = Readonly<Record<Member, Value>>;
type Seen = Readonly<Partial<Record<Action, Outcome>>>;

const LOOK = ["session", "page", "forwardAuth"] as const;
const SIGN_IN = ["passkeySignIn", "passwordSignIn", "recoveryCode"] as const;

/** Whose account nobody signs in to, by each way. */
const SIGNED_IN_TO = { passkeySignIn: "passkey", passwordSignIn: "password", recoveryCode: "both" } as const;

/** One of each person, before, during and after a fault: one browser of theirs stays, the other one signs out. */
export type Visit = {
  /** Everybody does everything, at the same time; what it came to. */
  readonly act: () => Promise<Cells>;
  /** The session cookies of those who stay. */
  readonly cookies: () => OfMembers<readonly (string | undefined)[]>;
  /** Whether every part is asked again and answers: a list needs Kratos' admin API and Redis, another one PostgreSQL. */
  readonly partsAnswer: () => Promise<boolean>;
  /** Whether they are signed in, by a session check. */
  readonly states: () => Promise<OfMembers<{ readonly stays: Outcome; readonly left: Outcome }>>;
  /** What everybody has, and what they have by the answers they got; once all who wanted to are signed out. */
  readonly holdings: () => Promise<{ readonly found: OfMembers<Holdings>; readonly told: OfMembers<Holdings> }>;
};

const sessionCookies = ({ cookies }: TestBrowser) =>
  ["passbridge_session", KRATOS_SESSION_COOKIE].map((name) => cookies.get(name));

async function forMembers<Value>(make: (member: Member) => Promise<Value>): Promise<OfMembers<Value>> {
  const [passkey, password, both] = await Promise.all([make("passkey"), make("password"), make("both")]);
  return { passkey, password, both };
}

async function actAll(actions: readonly Action[], browser: TestBrowser, account: Account): Promise<Seen> {
  const seen = await Promise.all(actions.map(async (action) => [action, await act(action, browser, account)] as const));
  return Object.fromEntries(seen);
}

/** Looks first, then changes something, one after the other as people do. */
async function useAll(browser: TestBrowser, account: Account): Promise<Seen> {
  const looked = await actAll(LOOK, browser, account);
  const addPasskey = await act("addPasskey", browser, account);
  return { ...looked, addPasskey, removePasskey: await act("removePasskey", browser, account) };
}

async function signInAll(world: FaultWorld): Promise<Seen> {
  const seen = await Promise.all(
    SIGN_IN.map(async (way) => [way, await act(way, world.browser(), world.accounts[SIGNED_IN_TO[way]])] as const),
  );
  return Object.fromEntries(seen);
}

/** As much as one visit may use up. */
async function supply(browser: TestBrowser, account: Account): Promise<void> {
  while (account.spare.length < 2) await act("addPasskey", browser, account);
  if (account.codes.length > 2) return;
  const { codes } = (await (await browser.post("/api/recovery-codes")).json()) as { codes: string[] };
  account.codes.splice(0, account.codes.length, ...codes);
}

/** Has everybody come in, while all is well. */
export async function beginVisit(world: FaultWorld): Promise<Visit> {
  const { accounts } = world;
  const stays = await forMembers(world.enter);
  const leaves = await forMembers(world.enter);
  await forMembers((member) => supply(stays[member], accounts[member]));
  const before = await forMembers((member) => world.holdingsOf(accounts[member]));
  const signIns: Seen[] = [];
  const count = (way: Action) => signIns.filter((seen) => seen[way] === "works").length;
  const made = () => ({ passkey: count("passkeySignIn") - 1, password: 0, both: count("recoveryCode") - 1 });

  return {
    act: async () => {
      const [members, left, visitor, entered] = await Promise.all([
        forMembers((member) => useAll(stays[member], accounts[member])),
        forMembers((member) => act("signOut", leaves[member], accounts[member])),
        useAll(world.browser(), accounts.password),
        signInAll(world),
      ]);
      signIns.push(entered);
      const cells = await forMembers(async (member) => ({ ...members[member], signOut: left[member] }));
      const signOut = await act("signOut", world.browser(), accounts.password);
      return { ...cells, nobody: { ...visitor, ...entered, signOut } };
    },
    cookies: () => ({
      passkey: sessionCookies(stays.passkey),
      password: sessionCookies(stays.password),
      both: sessionCookies(stays.both),
    }),
    partsAnswer: async () => {
      const paths = ["/health/ready", "/api/auth/sessions", "/api/passkeys"];
      const answers = await Promise.all(paths.map((path) => stays.both.fetch(path)));
      return answers.every(({ status }) => status === 200);
    },
    states: () =>
      forMembers(async (member) => ({
        stays: await act("session", stays[member], accounts[member]),
        left: await act("session", leaves[member], accounts[member]),
      })),
    holdings: async () => ({
      found: await forMembers((member) => world.holdingsOf(accounts[member])),
      told: await forMembers(async (member) => ({
        credentials: accounts[member].spare.length + 1,
        codes: accounts[member].codes.length,
        sessions: before[member].sessions + made()[member],
      })),
    }),
  };
}
