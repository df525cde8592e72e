import { describe, expect, it } from "vitest";
import { read, told } from "../../test/support/rules-text.ts";

describe("warnings", () => {
  const rule = (name: string, path: string, more = "") =>
    `  - { name: ${name}, path: { ${path} }, require: session${more} }`;
  const warnings = (...rules: string[]) => {
    const text = ["version: 1", "rules:", ...rules].join("\n");
    expect(read(text).value).not.toBeNull();
    return told(text);
  };

  it.each([
    ["prefix: /a", "prefix: /a/b"],
    ["prefix: /a", "exact: /a"],
    ["exact: /a", "exact: /a"],
    ["prefix: /", "regex: '/x.*'"],
    ["regex: '/x.*'", "regex: '/x.*'"],
    ["regex: '/x.*'", "exact: /xy"],
    ["prefix: /a", "prefix: /a/b", ", hosts: [a.test], methods: [GET]"],
  ])("tell that %s hides %s", (earlier, later, more = "") => {
    expect(warnings(rule("a", earlier), rule("b", later, more))).toEqual([
      'f:4:1: warning: rule "b": never counts: rule "a" in line 3 is for all of its requests and comes first',
    ]);
  });

  it.each([
    ["prefix: /a", "", "prefix: /ab", ""],
    ["exact: /a", "", "prefix: /a", ""],
    ["prefix: /a", ", methods: [GET]", "prefix: /a", ""],
    ["prefix: /a", ", methods: [POST]", "prefix: /a", ", methods: [GET, POST]"],
    ["prefix: /a", ", hosts: [a.test]", "prefix: /a", ""],
    ["prefix: /a", ", hosts: ['*.a.test']", "prefix: /a", ", hosts: [x.y.a.test]"],
    ["prefix: /A", "", "prefix: /a", ""],
    ["regex: '/x.*'", "", "prefix: /x", ""],
  ])("are silent where %s%s leaves something of %s%s", (earlier, one, later, other) => {
    expect(warnings(rule("a", earlier, one), rule("b", later, other))).toEqual([]);
  });

  it("tell of hosts that an earlier pattern has", () => {
    const more = ", hosts: [x.a.test, '*.a.test']";
    expect(warnings(rule("a", "prefix: /", ", hosts: ['*.a.test']"), rule("b", "prefix: /", more))).toHaveLength(1);
  });

  it.each(["/login", "/api/auth/session", "/.ory/kratos", "/health/ready", "/.well-known/jwks.json", "/passbridge/x"])(
    "tell that %s is the gateway's own",
    (path) => {
      expect(warnings(rule("a", `prefix: ${path}`))).toEqual([
        'f:3:1: warning: rule "a": never counts: the gateway answers there itself, and no rule is asked',
      ]);
    },
  );

  it.each(["/loginx", "/api", "/.well-known", "/api/authors"])("let %s be", (path) => {
    expect(warnings(rule("a", `prefix: ${path}`))).toEqual([]);
  });

  it("tell of upstreams that nothing goes to", () => {
    const text = `version: 1\nupstreams:\n  a: { url: http://a.test }\nrules:\n${rule("a", "prefix: /")}`;
    expect(told(text)).toEqual(["f:3:3: warning: upstreams.a: no rule uses it"]);
  });
});
