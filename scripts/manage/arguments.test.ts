import { describe, expect, it } from "vitest";
import { COMMANDS, parseArguments } from "./arguments.ts";
import { helpLines } from "./help.ts";

describe("parseArguments", () => {
  it("shows help when nothing is asked for", () => {
    for (const words of [[], ["--help"], ["-h"], ["help"]]) expect(parseArguments(words).command).toBe("help");
  });

  it("reads a service and flags in any order", () => {
    expect(parseArguments(["logs", "-f", "kratos"])).toMatchObject({ service: "kratos", flags: new Set(["-f"]) });
    expect(parseArguments(["logs", "kratos", "--follow"])).toMatchObject({ service: "kratos", flags: new Set(["-f"]) });
  });

  it.each([
    [["strat"], 'no command "strat"'],
    [["start", "--nativ"], "does not know --nativ"],
    [["start", "--native", "--docker"], "one of --native and --docker"],
    [["stop", "kratos"], 'cannot do anything with "kratos"'],
    [["restart", "mysql"], 'no service "mysql"'],
    [["logs", "kratos", "redis"], 'cannot do anything with "redis"'],
  ])("refuses %j in one sentence", (words, message) => {
    expect(() => parseArguments(words)).toThrow(message);
  });

  it("hands on what a command reads itself", () => {
    expect(parseArguments(["tls", "--renew", "x"]).rest).toEqual(["--renew", "x"]);
  });
});

describe("helpLines", () => {
  it("names every command", () => {
    const text = helpLines().join("\n");
    for (const command of Object.keys(COMMANDS)) expect(text).toMatch(new RegExp(`^  ${command} `, "m"));
  });
});
