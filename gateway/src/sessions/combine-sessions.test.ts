import { describe, expect, it } from "vitest";
import { combineSessions } from "./combine-sessions.ts";
import type { Aal, SourceAnswer, SourceSession } from "./session.ts";

const identity = (id: string) => ({
  id,
  email: `${id}@example.com`,
  emailVerified: true,
  name: null,
  roles: [],
  traits: {},
});

function session(kind: "passkey" | "password", id: string, minute: number, aal: Aal = "aal1"): SourceAnswer {
  const made: SourceSession = {
    kind,
    id: `${kind}-${id}`,
    methods: [kind],
    aal,
    amr: kind === "passkey" ? ["swk", "user", "mfa"] : ["pwd"],
    authenticatedAt: new Date(Date.UTC(2026, 0, 1, 0, minute)),
    expiresAt: new Date(Date.UTC(2026, 0, 1, kind === "passkey" ? 1 : 24, minute)),
    identity: identity(id),
  };
  return { kind: "session", session: made };
}

const none: SourceAnswer = { kind: "none" };
const away: SourceAnswer = { kind: "unavailable", cause: new Error("away") };

describe("combineSessions", () => {
  it.each([
    ["none", "none", none, none, "anonymous"],
    ["none", "away", none, away, "undecided"],
    ["away", "none", away, none, "undecided"],
    ["away", "away", away, away, "undecided"],
    ["session", "none", session("passkey", "a", 1), none, "authenticated"],
    ["session", "away", session("passkey", "a", 1), away, "authenticated"],
    ["none", "session", none, session("password", "a", 1), "authenticated"],
    ["away", "session", away, session("password", "a", 1), "authenticated"],
    ["session", "session", session("passkey", "a", 1), session("password", "a", 2), "authenticated"],
  ])("passkey %s, password %s", (_passkey, _password, passkey, password, expected) => {
    expect(combineSessions(passkey, password).kind).toBe(expected);
  });

  it("makes one sign-in of two sessions of one identity", () => {
    const made = combineSessions(session("passkey", "a", 1), session("password", "a", 5));
    expect(made).toMatchObject({
      kind: "authenticated",
      superseded: null,
      session: {
        authMethod: "password",
        methods: ["passkey", "password"],
        aal: "aal2",
        authenticatedAt: new Date(Date.UTC(2026, 0, 1, 0, 5)),
        expiresAt: new Date(Date.UTC(2026, 0, 2, 0, 5)),
      },
    });
    if (made.kind === "authenticated") expect(made.session.amr).toEqual(["swk", "user", "mfa", "pwd"]);
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

  it.each([
    ["the passkey", 9, 3, "passkey"],
    ["the password", 3, 9, "password"],
  ] as const)("lets the newest of two identities win: %s", (_who, passkeyAt, passwordAt, winner) => {
    const made = combineSessions(session("passkey", "a", passkeyAt), session("password", "b", passwordAt));
    if (made.kind !== "authenticated") throw new Error(made.kind);
    expect(made.session.authMethod).toBe(winner);
    expect(made.session[winner]).not.toBeNull();
    expect(made.superseded?.kind).toBe(winner === "passkey" ? "password" : "passkey");
  });

  it("never lends one identity's level or methods to another", () => {
    const made = combineSessions(session("passkey", "a", 1, "aal2"), session("password", "b", 2));
    expect(made).toMatchObject({ session: { aal: "aal1", methods: ["password"], identity: { id: "b" } } });
  });
});
