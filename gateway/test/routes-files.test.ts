import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isOwnPath } from "../src/http/own-paths.ts";
import { readRules } from "../src/routes/read-rules.ts";
import { STANDARD } from "./support/rules-text.ts";

const CHECKOUT = join(import.meta.dirname, "../..");
const read = (file: string) => readRules(readFileSync(join(CHECKOUT, file), "utf8"), STANDARD);

describe("the rules that come with Passbridge", () => {
  it.each(["gateway/gateway.yml", "deploy/gateway.example.yml"])("%s: there is nothing to say against them", (file) => {
    const { value, findings } = read(file);
    expect(findings).toEqual([]);
    expect(value?.rules.at(-1)).toMatchObject({ path: { kind: "prefix", path: "/" }, access: { kind: "session" } });
  });

  it("the example has every member of a rule and every need", () => {
    const text = readFileSync(join(CHECKOUT, "deploy/gateway.example.yml"), "utf8");
    const table = readFileSync(join(CHECKOUT, "docs/routes.md"), "utf8");
    const members = [...table.matchAll(/^\| `([a-z_]+)` \| [^|]+ \| [^|]+ \|$/gm)].map((match) => match[1] ?? "");
    expect(members.length).toBeGreaterThan(12);
    for (const member of members) expect(text).toMatch(new RegExp(`\\b${member}:`));
    for (const need of ["public", "deny", "session", "verified", "aal2", "passkey", "fresh:", "roles:"]) {
      expect(text).toMatch(new RegExp(`require:.*${need}`));
    }
  });

  it("the rules in docs/routes.md are right", () => {
    const page = readFileSync(join(CHECKOUT, "docs/routes.md"), "utf8");
    const [example = ""] = /(?<=```yaml\n)version:[^`]*/.exec(page) ?? [];
    expect(readRules(example, STANDARD)).toMatchObject({ value: { rules: { length: 3 } }, findings: [] });
  });

  it("the sample's own path of every rule is the application's", () => {
    for (const { path } of read("gateway/gateway.yml").value?.rules ?? []) {
      expect(path.kind === "regex" || isOwnPath(path.path)).toBe(false);
    }
  });
});
