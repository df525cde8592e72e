import { describe, expect, it } from "vitest";
import { combineSessions } from "./combine-sessions.ts";
import type { Aal, SourceAnswer, SourceSession } from "./session.ts";

/**
 * The resolver's truth table, by hand. Each source: no session (none), a cookie that is good for nothing (stale), not to
 * be asked (away), or a session of a level. Of two sessions: whose they are, and which was signed in last.
 *
 * | passkey | password | whose | newest || decision | whose | methods | level | ended |
 */
const TABLE = `
none  none  -     -        | anonymous
none  stale -     -        | anonymous
none  away  -     -        | undecided
none  aal1  -     -        | password's  password          aal1  -
none  aal2  -     -        | password's  password          aal2  -
stale none  -     -        | anonymous
stale stale -     -        | anonymous
stale away  -     -        | undecided
stale aal1  -     -        | password's  password          aal1  -
stale aal2  -     -        | password's  password          aal2  -
away  none  -     -        | undecided
away  stale -     -        | undecided
away  away  -     -        | undecided
away  aal1  -     -        | password's  password          aal1  -
away  aal2  -     -        | password's  password          aal2  -
aal1  none  -     -        | passkey's   passkey           aal1  -
aal1  stale -     -        | passkey's   passkey           aal1  -
aal1  away  -     -        | passkey's   passkey           aal1  -
aal2  none  -     -        | passkey's   passkey           aal2  -
aal2  stale -     -        | passkey's   passkey           aal2  -
aal2  away  -     -        | passkey's   passkey           aal2  -
aal1  aal1  same  passkey  | both        password,passkey  aal2  -
aal1  aal1  same  password | both        passkey,password  aal2  -
aal1  aal2  same  passkey  | both        password,passkey  aal2  -
aal1  aal2  same  password | both        passkey,password  aal2  -
aal2  aal1  same  passkey  | both        password,passkey  aal2  -
aal2  aal1  same  password | both        passkey,password  aal2  -
aal2  aal2  same  passkey  | both        password,passkey  aal2  -
aal2  aal2  same  password | both        passkey,password  aal2  -
aal1  aal1  other passkey  | passkey's   passkey           aal1  password
aal1  aal1  other password | password's  password          aal1  passkey
aal1  aal2  other passkey  | passkey's   passkey           aal1  password
aal1  aal2  other password | password's  password          aal2  passkey
aal2  aal1  other passkey  | passkey's   passkey           aal2  password
aal2  aal1  other password | password's  password          aal1  passkey
aal2  aal2  other passkey  | passkey's   passkey           aal2  password
aal2  aal2  other password | password's  password          aal2  passkey
`;

const NAMES = ["passkey", "password", "whose", "newest", "decision", "methods", "level", "ended"] as const;
type Row = Readonly<Record<(typeof NAMES)[number], string>>;

const rows = TABLE.trim()
  .split("\n")
  .map((line) => {
    const words = line.replace("|", "").trim().split(/\s+/);
    return Object.fromEntries(NAMES.map((name, place) => [name, words[place] ?? "-"])) as Row;
  });

const identity = (id: string) => ({
  id,
  email: `${id}@example.com`,
  emailVerified: true,
  name: null,
  roles: [],
  traits: {},
});

const atMinute = (minute: number, hours = 0) => new Date(Date.UTC(2026, 0, 1, hours, minute));

function session(kind: "passkey" | "password", id: string, minute: number, aal: Aal = "aal1"): SourceAnswer {
  const made: SourceSession = {
    kind,
    id: `${kind}-${id}`,
    methods: [kind],
    aal,
    amr: kind === "passkey" ? ["swk", "user", "mfa"] : ["pwd"],
    authenticatedAt: atMinute(minute),
    expiresAt: atMinute(minute, kind === "passkey" ? 1 : 24),
    identity: identity(id),
  };
  return { kind: "session", session: made };
}

const EARLIER = 1;
const LATER = 5;

function answerOf(kind: "passkey" | "password", { [kind]: state, whose, newest }: Row): SourceAnswer {
  // A source reads a cookie that is expired, revoked or garbled as none.
  if (state === "none" || state === "stale") return { kind: "none" };
  if (state === "away") return { kind: "unavailable", cause: new Error(`${kind}: away`) };
  const id = kind === "password" && whose === "other" ? "b" : "a";
  return session(kind, id, newest === kind ? LATER : EARLIER, state === "aal2" ? "aal2" : "aal1");
}

const SINGLE = ["none", "stale", "away"];

/** Every case there is, as the first four columns of its row. */
function everyCase(): string[] {
  const states = [...SINGLE, "aal1", "aal2"];
  return states.flatMap((passkey) =>
    states.flatMap((password) => {
      if (SINGLE.includes(passkey) || SINGLE.includes(password)) return [`${passkey} ${password} - -`];
      return ["same", "other"].flatMap((whose) =>
        ["passkey", "password"].map((newest) => `${passkey} ${password} ${whose} ${newest}`),
      );
    }),
  );
}

describe("the resolver's truth table", () => {
  it("has every case once", () => {
    const cases = rows.map(({ passkey, password, whose, newest }) => [passkey, password, whose, newest].join(" "));
    expect(cases.toSorted()).toEqual(everyCase().toSorted());
  });

  it.each(rows)("passkey $passkey, password $password, $whose, newest $newest: $decision $level", (row) => {
    const made = combineSessions(answerOf("passkey", row), answerOf("password", row));
    if (row.decision === "anonymous") return expect(made).toEqual({ kind: "anonymous" });
    if (row.decision === "undecided") {
      return expect(made).toEqual({ kind: "undecided", cause: expect.any(Error) });
    }
    const methods = row.methods.split(",");
    const isPasskeys = row.decision !== "password's";
    const isPasswords = row.decision !== "passkey's";
    return expect(made).toMatchObject({
      kind: "authenticated",
      superseded: row.ended === "-" ? null : { kind: row.ended },
      session: {
        methods,
        authMethod: methods.at(-1),
        aal: row.level,
        identity: { id: row.decision === "password's" && row.whose === "other" ? "b" : "a" },
        passkey: isPasskeys ? { kind: "passkey" } : null,
        password: isPasswords ? { kind: "password" } : null,
      },
    });
  });
});

describe("combineSessions", () => {
  it("makes one sign-in of two sessions of one identity: the later sign-in, and the later end", () => {
    const made = combineSessions(session("passkey", "a", 1), session("password", "a", 5));
    expect(made).toMatchObject({
      kind: "authenticated",
      session: {
        amr: ["swk", "user", "mfa", "pwd"],
        authenticatedAt: atMinute(5),
        expiresAt: atMinute(5, 24),
      },
    });
  });

  it.each([
    ["a password", ["pwd"], "aal1", ["otp", "pwd"]],
    ["a password with a second factor", ["pwd"], "aal2", ["otp", "pwd", "mfa"]],
  ] as const)("a recovery code adds no factor to %s", (_what, amr, aal, combined) => {
    const recovered = session("passkey", "a", 1);
    const password = session("password", "a", 2, aal);
    if (recovered.kind !== "session" || password.kind !== "session") throw new Error("made above");
    const code = { ...recovered.session, methods: ["recovery_code"], amr: ["otp"] } as const;
    const made = combineSessions(
      { kind: "session", session: code },
      { ...password, session: { ...password.session, amr } },
    );
    expect(made).toMatchObject({
      session: { authMethod: "password", methods: ["recovery_code", "password"], aal, amr: combined },
    });
  });

  it("gives the browser to one of two identities that signed in at the same moment", () => {
    const made = combineSessions(session("passkey", "a", 1), session("password", "b", 1));
    expect(made).toMatchObject({ session: { identity: { id: "a" } }, superseded: { identity: { id: "b" } } });
  });
});
