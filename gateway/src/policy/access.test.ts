import { describe, expect, it } from "vitest";
import type { Resolution, UnifiedSession } from "../sessions/session.ts";
import { type AccessRequest, decideAccess, type Step } from "./access.ts";
import { ANY_SESSION, type SessionNeeds } from "./route-rule.ts";

const session: UnifiedSession = {
  authMethod: "password",
  methods: ["password"],
  aal: "aal1",
  amr: ["pwd"],
  authenticatedAt: new Date("2030-01-01T00:00:00Z"),
  expiresAt: new Date("2030-01-02T00:00:00Z"),
  identity: { id: "i", email: "a@example.com", emailVerified: true, name: null, roles: [], traits: {} },
  passkey: null,
  password: null,
};
const authenticated: Resolution = { kind: "authenticated", session, superseded: null };
const outage = new Error("down");
const now = new Date("2030-01-01T00:10:00Z");
const ANYONE = { access: ANY_SESSION, duty: "none", now } as const;

describe("decideAccess", () => {
  it.each([
    ["a signed-in page load", authenticated, true, { kind: "allow", session }],
    ["a signed-in call", authenticated, false, { kind: "allow", session }],
    ["nobody's page load", { kind: "anonymous" }, true, { kind: "authenticate", by: "redirect" }],
    ["nobody's call", { kind: "anonymous" }, false, { kind: "authenticate", by: "refusal" }],
    ["a page load in an outage", { kind: "undecided", cause: outage }, true, { kind: "undecided", cause: outage }],
    ["a call in an outage", { kind: "undecided", cause: outage }, false, { kind: "undecided", cause: outage }],
  ] as const)("%s", (_name, resolution, pageLoad, decision) => {
    expect(decideAccess(resolution, { ...ANYONE, pageLoad })).toEqual(decision);
  });

  it.each([
    ["add", true, { kind: "step-up", by: "redirect", step: "add-passkey" }],
    ["use", true, { kind: "step-up", by: "redirect", step: "use-passkey" }],
    ["add", false, { kind: "step-up", by: "refusal", step: "add-passkey" }],
    ["use", false, { kind: "step-up", by: "refusal", step: "use-passkey" }],
  ] as const)("who has to %s a passkey is not let on (page load: %s)", (duty, pageLoad, decision) => {
    expect(decideAccess(authenticated, { ...ANYONE, pageLoad, duty })).toEqual(decision);
    expect(decideAccess({ kind: "anonymous" }, { ...ANYONE, pageLoad, duty })).toMatchObject({ kind: "authenticate" });
    expect(decideAccess({ kind: "undecided", cause: outage }, { ...ANYONE, pageLoad, duty })).toMatchObject({
      kind: "undecided",
    });
  });
});

describe("what a rule needs", () => {
  const person = (change: Partial<UnifiedSession>): Resolution => ({
    ...authenticated,
    session: { ...session, ...change },
  });
  const decide = (
    needs: Partial<SessionNeeds>,
    change: Partial<UnifiedSession> = {},
    duty: AccessRequest["duty"] = "none",
  ) => decideAccess(person(change), { access: { ...ANY_SESSION, ...needs }, pageLoad: true, duty, now });
  const step = (name: Step) => ({ kind: "step-up", by: "redirect", step: name });
  const identity = { ...session.identity, emailVerified: false, roles: ["staff"] };

  it("of the address, the second factor, the passkey and the time is done step by step", () => {
    expect(decide({ verified: true }, { identity }, "use")).toEqual(step("verify"));
    expect(decide({ verified: true, aal2: true }, {}, "use")).toEqual(step("aal2"));
    expect(decide({ passkey: true }, {}, "use")).toEqual(step("use-passkey"));
    expect(decide({ aal2: true }, {}, "add")).toEqual(step("add-passkey"));
    expect(decide({ fresh: 10 * 60_000 })).toMatchObject({ kind: "allow" });
    expect(decide({ fresh: 10 * 60_000 - 1 })).toEqual(step("sign-in-again"));
  });

  it("of roles cannot be done by stepping up", () => {
    const forbidden = { kind: "forbid", code: "forbidden" };
    expect(decide({ roles: ["admin"], verified: true }, { identity })).toEqual(forbidden);
    expect(decide({ roles: ["admin", "staff"] }, { identity })).toMatchObject({ kind: "allow" });
    expect(decide({ passkey: true }, {}, "disabled")).toEqual({ kind: "forbid", code: "passkeys_disabled" });
  });

  it("is nothing where anyone may pass, and nobody passes where nobody may", () => {
    const resolutions: Resolution[] = [authenticated, { kind: "anonymous" }, { kind: "undecided", cause: outage }];
    const decided = (kind: "public" | "deny") =>
      resolutions.map((resolution) => decideAccess(resolution, { ...ANYONE, access: { kind }, pageLoad: false }));
    expect(decided("public")).toEqual([session, null, null].map((who) => ({ kind: "allow", session: who })));
    expect(decided("deny").every(({ kind }) => kind === "forbid")).toBe(true);
  });
});
