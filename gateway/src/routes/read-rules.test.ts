import { describe, expect, it } from "vitest";
import { EVERYTHING, read, STANDARD, told } from "../../test/support/rules-text.ts";
import { findRule } from "../policy/route-match.ts";

describe("the rules of a file", () => {
  const { value, findings } = read(EVERYTHING);
  const [assets, admin, closed, rest] = value?.rules ?? [];

  it("has nothing to say about a right one", () => expect(findings).toEqual([]));

  it("are read whole", () => {
    expect(admin).toMatchObject({
      name: "admin",
      line: 9,
      hosts: ["app.example.com", "*.apps.example.com"],
      methods: [],
      path: { kind: "regex", source: "/admin/[0-9]+" },
      access: {
        kind: "session",
        verified: true,
        aal2: true,
        passkey: true,
        fresh: 900_000,
        roles: ["admin", "auditor"],
      },
      upstream: { url: new URL("https://reports.test/base"), timeout: 10_000, idleTimeout: 600_000 },
      audience: "https://admin.example.com",
      bodyLimit: 10_000_000,
      rateLimit: { requests: 100, seconds: 60, by: "identity" },
    });
    expect(closed).toMatchObject({ access: { kind: "deny" }, rateLimit: { seconds: 5, by: "address" } });
  });

  it("take what they leave out from the settings", () => {
    expect(rest).toMatchObject({ hosts: [], upstream: STANDARD, audience: null, bodyLimit: null, rateLimit: null });
    expect(rest?.access).toEqual({
      kind: "session",
      verified: false,
      aal2: false,
      passkey: false,
      fresh: null,
      roles: [],
    });
  });

  it("let HEAD where they let GET", () => expect(assets?.methods).toEqual(["GET", "HEAD"]));

  it("are found by requests in their order, an expression for the whole path alone", () => {
    const find = (path: string) =>
      value && findRule(value, { method: "GET", host: "x.apps.example.com", path, query: "", pageLoad: false })?.name;
    expect(["/admin/12", "/admin/12/x", "/x/admin/12", "/assets/a", "/closed", "/closed/x"].map(find)).toEqual([
      "admin",
      "rest",
      "rest",
      "assets",
      "closed",
      "rest",
    ]);
  });

  it("compare regardless of case where the file says so, expressions as well", () => {
    const insensitive = read(EVERYTHING.replace("version: 1", "version: 1\nignore_case: true")).value;
    const find = (path: string) =>
      insensitive &&
      findRule(insensitive, { method: "GET", host: "app.example.com", path, query: "", pageLoad: false })?.name;
    expect(["/ADMIN/1", "/Assets", "/CLOSED"].map(find)).toEqual(["admin", "assets", "closed"]);
  });
});

it("tells all faults at once, in the order of the file", () => {
  const text = `version: 1
upstreams:
  api: { url: nowhere }
rules:
  - name: a
    path: { prefix: a }
    require: nobody
    upstream: ap
  - path: { regex: "/(" }
    require: public
    colour: red
  - name: b
    path: { exact: / }
    require: session
    upstream: apy
`;
  expect(told(text).map((line) => line.split(": ").slice(0, 3).join(": "))).toEqual([
    "f:3:10: upstreams.api.url: needs a URL that starts with http:// or https://",
    'f:6:13: rule "a": path.prefix',
    'f:7:5: rule "a": require',
    "f:9:5: rule 2: name",
    "f:9:13: rule 2: path.regex",
    "f:11:5: rule 2: colour is not known (there are",
    'f:15:5: rule "b": upstream',
  ]);
});
