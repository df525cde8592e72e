import { validateHeaderValue } from "node:http";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { unifiedSession } from "../../test/support/unified-session.ts";
import { identityHeaders } from "./identity-headers.ts";

function asObject(headers: readonly string[]): Record<string, string> {
  const entries: [string, string][] = [];
  for (let i = 0; i < headers.length; i += 2) entries.push([headers[i] ?? "", headers[i + 1] ?? ""]);
  return Object.fromEntries(entries);
}

const decoded = (value = "") => Buffer.from(value, "latin1").toString("utf8");

describe("identityHeaders", () => {
  it("are the contract's", () => {
    expect(asObject(identityHeaders(unifiedSession(), "token"))).toEqual({
      "Remote-User": "6f1c2a3e-0000-4000-8000-000000000001",
      "Remote-Email": "ada@example.com",
      "Remote-Name": "Ada Lovelace",
      "Remote-Groups": "admin,staff",
      "X-Auth-Method": "passkey",
      "X-Auth-Aal": "aal2",
      "X-Identity-Token": "token",
    });
  });

  it("leave out what there is none of", () => {
    const headers = asObject(identityHeaders(unifiedSession({ identity: { name: null, roles: [] } }), "token"));
    expect(Object.keys(headers)).toEqual([
      "Remote-User",
      "Remote-Email",
      "X-Auth-Method",
      "X-Auth-Aal",
      "X-Identity-Token",
    ]);
  });

  it.each([
    ["Zoë Ångström", "Zoë Ångström"],
    ["山田 太郎 🎉", "山田 太郎 🎉"],
    ["a\r\nRemote-User: b", "a Remote-User: b"],
    ["\u0000\u0085 x \t", "x"],
    ["\ud800", "\ufffd"],
  ])("send the name %j as UTF-8", (name, expected) => {
    const headers = asObject(identityHeaders(unifiedSession({ identity: { name } }), "token"));
    expect(decoded(headers["Remote-Name"])).toBe(expected);
  });

  it.each([
    [["a,admin", "b"], "b"],
    [["a\nadmin"], undefined],
    [["", " ", "b"], "b"],
    [["größe"], "größe"],
  ])("let no role pretend to be another: %j", (roles, expected) => {
    const value = asObject(identityHeaders(unifiedSession({ identity: { roles } }), "token"))["Remote-Groups"];
    expect(value === undefined ? undefined : decoded(value)).toBe(expected);
  });

  it("are always fit to be sent, and the groups are always roles", () => {
    const text = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(text, text, fc.array(text), (name, email, roles) => {
        const headers = asObject(identityHeaders(unifiedSession({ identity: { name, email, roles } }), "token"));
        for (const [header, value] of Object.entries(headers)) validateHeaderValue(header, value);
        const known = roles.map((role) => role.toWellFormed().trim());
        for (const group of decoded(headers["Remote-Groups"]).split(",").filter(Boolean)) {
          expect(known).toContain(group.trim());
        }
      }),
    );
  });
});
