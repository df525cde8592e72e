import { describe, expect, it } from "vitest";
import { PATH, read, SESSION, told, withRule } from "../../test/support/rules-text.ts";

describe("faults of the file", () => {
  it.each([
    ["nothing", "", "f:1:1: the file: needs members, such as name: value"],
    ["a list", "- a", "f:1:1: the file: needs members, such as name: value"],
    [
      "no version",
      "rules: [{ name: a, path: { exact: / }, require: deny }]",
      "f:1:1: version: needs 1: that is the only version there is",
    ],
    ["another version", "version: 2\nrules: []", "f:1:1: version: needs 1: that is the only version there is"],
    ["no rules", "version: 1\nrules: []", "f:2:1: rules: is empty: nobody could reach anything"],
    ["rules that are none", "version: 1\nrules: 3", "f:2:1: rules: needs a list"],
    ["rules left out", "version: 1", "f:1:1: rules: is missing"],
    ["a list of words", "version: 1\nrules:\n  - a", "f:3:5: rule 1: needs members, such as name: value"],
    [
      "an unknown member",
      `${withRule(PATH, SESSION)}\nupstream: {}`,
      "f:6:1: the file: upstream is not known (did you mean upstreams?)",
    ],
    [
      "no YAML",
      "version: [1",
      "f:1:12: not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
    ],
    ["a tab", "version: 1\nrules:\n\t- a", "f:3:1: not valid YAML: Tabs are not allowed as indentation"],
    ["several documents", "version: 1\n---\nversion: 1", /f:2:1: not valid YAML: Source contains multiple documents/],
    ["a tag", "version: !own 1\nrules: [a]", "f:1:10: not valid YAML: Unresolved tag: !own"],
    [
      "an anchor",
      "version: &a 1\nrules: [*a]",
      "f:1:13: anchors and aliases (&, *) are not supported: write the value out",
    ],
    ["a merge", "version: 1\n<<: {}", "f:2:1: << is not supported"],
    ["a prototype", "version: 1\nupstreams: { __proto__: { url: http://a } }", "f:2:14: __proto__ is not supported"],
    ["a member twice", "version: 1\nversion: 1", "f:2:1: version is given twice"],
    ["depth", `version: ${"[".repeat(500)}${"]".repeat(500)}`, /f:1:\d+: is nested too deeply/],
    ["size", `# ${"x".repeat(1024 * 1024)}`, "f:1:1: the file is larger than 1 MiB"],
    ["an odd switch", `ignore_case: perhaps\n${withRule(PATH, SESSION)}`, "f:1:1: ignore_case: needs true or false"],
  ])("%s", (_, text, expected) => {
    expect(read(text).value).toBeNull();
    expect(told(text)).toContainEqual(typeof expected === "string" ? expected : expect.stringMatching(expected));
  });

  it("more rules than anybody can oversee", () => {
    const rules = Array.from(
      { length: 1_001 },
      (_, at) => `- { name: r${at}, path: { exact: /${at} }, require: deny }`,
    );
    expect(told(`version: 1\nrules:\n${rules.join("\n")}`)).toEqual(["f:2:1: rules: has more than 1000 rules"]);
    expect(read(`version: 1\nrules:\n${rules.slice(1).join("\n")}`).value?.rules).toHaveLength(1_000);
  });
});

describe("faults of upstreams", () => {
  const of = (entry: string) =>
    told(`version: 1\nupstreams:\n  ${entry}\nrules: [{ name: a, path: { exact: / }, require: deny }]`);
  it.each([
    ["default: { url: http://a }", "f:3:3: upstreams.default: is UPSTREAM_URL's: choose another name"],
    ["a b: { url: http://a }", /^f:3:3: upstreams.a b: needs a name of letters/],
    ["a: { }", "f:3:3: upstreams.a.url: is missing"],
    ["a: { url: ftp://a }", "f:3:8: upstreams.a.url: needs a URL that starts with http:// or https://"],
    ["a: { url: http://me:pw@a }", /user, password/],
    ["a: { url: http://a/?q }", /query/],
    ["a: { url: http://a, timeout: soon }", /^f:3:23: upstreams.a.timeout: needs a duration/],
    ["a: { url: http://a, timeout: 0s }", "f:3:23: upstreams.a.timeout: needs 1s at least and 24h at most"],
    [
      "a: { url: http://a, idle-timeout: 1m }",
      "f:3:23: upstreams.a: idle-timeout is not known (did you mean idle_timeout?)",
    ],
  ])("%s", (entry, expected) => {
    expect(of(entry)).toContainEqual(typeof expected === "string" ? expected : expect.stringMatching(expected));
  });
});

describe("faults of a rule", () => {
  it.each([
    [SESSION, 'f:3:5: rule "one": path: is missing'],
    [PATH, 'f:3:5: rule "one": require: is missing'],
    [`${PATH}|${SESSION}|method: [GET]`, 'f:6:5: rule "one": method is not known (did you mean methods?)'],
    [`${PATH}|${SESSION}|methods: [get]`, 'f:6:15: rule "one": methods[1]: get: is no method (did you mean GET?)'],
    [`${PATH}|${SESSION}|methods: [TRACE]`, /TRACE: the gateway refuses it/],
    [`${PATH}|${SESSION}|methods: []`, /methods: is empty/],
    [`${PATH}|${SESSION}|methods: GET`, 'f:6:5: rule "one": methods: needs a list'],
    [`${PATH}|${SESSION}|methods:`, 'f:6:5: rule "one": methods: needs a list'],
    [`${PATH}|${SESSION}|hosts: [a.test, "https://a.test"]`, /^f:6:21: rule "one": hosts\[2\]: .*without scheme/],
    [`${PATH}|${SESSION}|hosts: ["a.test:80"]`, /without its port/],
    [`${PATH}|${SESSION}|hosts: [A.test]`, /write a.test/],
    [`${PATH}|${SESSION}|hosts: ["a.*"]`, /one whole label in front/],
    [`${PATH}|${SESSION}|hosts: [bücher.test]`, /xn--/],
    [`${PATH}|${SESSION}|hosts: [a..test]`, /no host name/],
    [
      `${PATH}|${SESSION}|upstream: other`,
      'f:6:5: rule "one": upstream: other is not in upstreams (there are: default)',
    ],
    [`${PATH}|${SESSION}|timeout: 2x`, /^f:6:5: rule "one": timeout: needs a duration/],
    [`${PATH}|${SESSION}|body_limit: 10Mb`, /^f:6:5: rule "one": body_limit: 10Mb is no size/],
    [
      `${PATH}|${SESSION}|rate_limit: { requests: 0, per: 1m }`,
      'f:6:19: rule "one": rate_limit.requests: needs 1 at least',
    ],
    [`${PATH}|${SESSION}|rate_limit: { requests: 1.5, per: 1m }`, /rate_limit.requests: needs a whole number/],
    [`${PATH}|${SESSION}|rate_limit: { requests: 1, per: 1500ms }`, /needs whole seconds/],
    [`${PATH}|${SESSION}|rate_limit: { requests: 1, per: 1m, by: ip }`, /by: needs one of address, identity/],
    [`${PATH}|${SESSION}|audience: a b`, /^f:6:5: rule "one": audience: needs text without spaces/],
  ])("%s", (lines, expected) => {
    const text = withRule(...lines.split("|"));
    expect(read(text).value).toBeNull();
    expect(told(text)).toEqual([typeof expected === "string" ? expected : expect.stringMatching(expected)]);
  });

  it("a name twice, with the other one's line, even where the rule has faults", () => {
    const rule = "- { name: a, path: { exact: / }, require: deny }";
    expect(told(`version: 1\nrules:\n${rule}\n- { name: a }`)).toContain(
      'f:4:5: rule "a": name: is the name of another rule already, in line 3',
    );
  });

  it("a name that is none", () => {
    expect(told("version: 1\nrules: [{ name: '', path: { exact: / }, require: deny }]")).toEqual([
      expect.stringMatching(/^f:2:11: rule 1: name: needs a name of letters/),
    ]);
  });
});
