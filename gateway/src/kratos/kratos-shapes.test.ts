import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { parseKratosIdentity, parseKratosSession } from "./kratos-shapes.ts";

const identity = {
  id: randomUUID(),
  state: "active",
  traits: { email: "Ada@example.com", name: { first: "Ada", last: "Lovelace" } },
  verifiable_addresses: [{ value: "ada@example.com", verified: true }],
  metadata_public: { roles: ["admin"] },
  credentials: { password: { identifiers: ["ada@example.com"] } },
};
const session = {
  id: randomUUID(),
  active: true,
  authenticated_at: "2026-01-01T00:00:00Z",
  expires_at: "2026-01-02T00:00:00Z",
  authenticator_assurance_level: "aal1",
  authentication_methods: [{ method: "password", completed_at: "2026-01-01T00:00:00Z" }],
  identity,
};

/** Read, or refused as another shape; anything else is ours to fix. */
function readOrRefused<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    expect(error).toBeInstanceOf(z.ZodError);
    return undefined;
  }
}

describe("whatever Kratos answers", () => {
  test("is an identity whose members are what they should be, or refused", () => {
    const members = fc.constantFrom(...Object.keys(identity));
    fc.assert(
      fc.property(members, fc.jsonValue(), (member, value) => {
        const read = readOrRefused(() => parseKratosIdentity({ ...identity, [member]: value }));
        if (!read) return;
        expect(read.identity.id).toBeTypeOf("string");
        expect(read.identity.email).toBeTypeOf("string");
        expect(read.identity.roles.every((role) => typeof role === "string")).toBe(true);
        expect(
          [read.identity.emailVerified, read.active, read.hasPassword].every((it) => typeof it === "boolean"),
        ).toBe(true);
      }),
    );
    fc.assert(fc.property(fc.jsonValue(), (value) => void readOrRefused(() => parseKratosIdentity(value))));
  });

  test("is a session, none, or refused", () => {
    const members = fc.constantFrom(...Object.keys(session));
    fc.assert(
      fc.property(members, fc.jsonValue(), (member, value) => {
        const read = readOrRefused(() => parseKratosSession({ ...session, [member]: value }));
        if (!read) return;
        expect(["aal1", "aal2"]).toContain(read.aal);
        expect(Number.isNaN(read.expiresAt.getTime())).toBe(false);
      }),
    );
    fc.assert(fc.property(fc.jsonValue(), (value) => void readOrRefused(() => parseKratosSession(value))));
  });

  test("is a session of known methods, whatever they are called", () => {
    const names = fc.oneof(
      fc.string(),
      fc.constantFrom("password", "code", "oidc", "constructor", "toString", "__proto__", "hasOwnProperty"),
    );
    fc.assert(
      fc.property(fc.array(names), (methods) => {
        const authentication_methods = methods.map((method) => ({ method }));
        const read = parseKratosSession({ ...session, authentication_methods });
        expect(read?.methods.length).toBeGreaterThan(0);
        for (const method of read?.methods ?? []) expect(["password", "code"]).toContain(method);
        for (const value of read?.amr ?? []) expect(["pwd", "otp"]).toContain(value);
      }),
    );
  });
});

test("an inactive identity or session is none", () => {
  expect(parseKratosSession({ ...session, active: false })).toBeNull();
  expect(parseKratosSession({ ...session, identity: { ...identity, state: "inactive" } })).toBeNull();
});

test("an identity is read with its address, name and roles", () => {
  expect(parseKratosIdentity(identity)).toMatchObject({
    identity: { email: "Ada@example.com", emailVerified: true, name: "Ada Lovelace", roles: ["admin"] },
    active: true,
    hasPassword: true,
  });
});
