import { describe, expect, it } from "vitest";
import { ruleFor } from "../../test/support/route-rules.ts";
import { hostsWithoutSession, otherHosts } from "./other-hosts.ts";

const rulesFor = (...hosts: string[][]) => ({
  rules: hosts.map((names) => ruleFor(new URL("http://127.0.0.1:1"), 1_000, { hosts: names })),
  ignoreCase: false,
});
const PUBLIC_URL = new URL("https://auth.example.com");
const RULES = rulesFor([], ["auth.example.com", "app.example.com"], ["*.apps.example.com", "app.example.com"]);

describe("otherHosts", () => {
  it("are those of the rules, each once, without PUBLIC_URL's own", () => {
    expect(otherHosts(RULES, PUBLIC_URL)).toEqual(["app.example.com", "*.apps.example.com"]);
    expect(otherHosts(rulesFor([]), PUBLIC_URL)).toEqual([]);
  });
});

describe("hostsWithoutSession", () => {
  it.each([
    [null, ["app.example.com", "*.apps.example.com"]],
    ["example.com", []],
    ["app.example.com", ["*.apps.example.com"]],
    ["ample.com", ["app.example.com", "*.apps.example.com"]],
  ])("with COOKIE_DOMAIN %s: %j", (domain, hosts) => {
    expect(hostsWithoutSession(RULES, PUBLIC_URL, domain)).toEqual(hosts);
  });
});
