import { describe, expect, it } from "vitest";
import type { Resolution, UnifiedSession } from "../sessions/session.ts";
import { decideAccess } from "./access.ts";

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

describe("decideAccess", () => {
  it.each([
    ["a signed-in page load", authenticated, true, { kind: "allow", session }],
    ["a signed-in call", authenticated, false, { kind: "allow", session }],
    ["nobody's page load", { kind: "anonymous" }, true, { kind: "authenticate", by: "redirect" }],
    ["nobody's call", { kind: "anonymous" }, false, { kind: "authenticate", by: "refusal" }],
    ["a page load in an outage", { kind: "undecided", cause: outage }, true, { kind: "undecided", cause: outage }],
    ["a call in an outage", { kind: "undecided", cause: outage }, false, { kind: "undecided", cause: outage }],
  ] as const)("%s", (_name, resolution, pageLoad, decision) => {
    expect(decideAccess(resolution, { pageLoad, duty: "none" })).toEqual(decision);
  });

  it.each([
    ["add", true, { kind: "passkey", by: "redirect", duty: "add" }],
    ["use", true, { kind: "passkey", by: "redirect", duty: "use" }],
    ["add", false, { kind: "passkey", by: "refusal", duty: "add" }],
    ["use", false, { kind: "passkey", by: "refusal", duty: "use" }],
  ] as const)("who has to %s a passkey is not let on (page load: %s)", (duty, pageLoad, decision) => {
    expect(decideAccess(authenticated, { pageLoad, duty })).toEqual(decision);
    expect(decideAccess({ kind: "anonymous" }, { pageLoad, duty })).toMatchObject({ kind: "authenticate" });
    expect(decideAccess({ kind: "undecided", cause: outage }, { pageLoad, duty })).toMatchObject({ kind: "undecided" });
  });
});
