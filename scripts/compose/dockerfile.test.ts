import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";
import { CHECKOUT } from "../checkout.ts";
import { planGateway } from "../parts/node-services.ts";
import { makeMissingSecrets } from "../settings.ts";
import { readCompose } from "./read-compose.ts";

type Instruction = { readonly name: string; readonly words: readonly string[] };
type Stage = { readonly name: string; readonly base: string; readonly instructions: readonly Instruction[] };

function parseDockerfile(text: string): Stage[] {
  const lines = text.replace(/\\\n/g, " ").split("\n");
  const instructions = lines
    .filter((line) => line.trim() && !line.startsWith("#"))
    .map((line) => line.trim().split(/\s+/))
    .map(([name = "", ...words]) => ({ name, words }));
  const stages: { name: string; base: string; instructions: Instruction[] }[] = [];
  for (const instruction of instructions) {
    const [base = "", , name = ""] = instruction.words;
    if (instruction.name === "FROM") stages.push({ name, base, instructions: [] });
    else stages.at(-1)?.instructions.push(instruction);
  }
  return stages;
}

const stages = parseDockerfile(readFileSync(join(CHECKOUT, "Dockerfile"), "utf8"));
const targets = ["gateway", "frontend"].map((name) => stages.find((stage) => stage.name === name));
const copies = (stage: Stage | undefined) => (stage?.instructions ?? []).filter(({ name }) => name === "COPY");

/** The last matching line of .dockerignore decides; the forms used there are names, `*` and a leading double star. */
function isIgnored(path: string): boolean {
  const rules = readFileSync(join(CHECKOUT, ".dockerignore"), "utf8").split("\n");
  let ignored = false;
  for (const rule of rules.filter((line) => line.trim() && !line.startsWith("#"))) {
    const pattern = rule.replace(/^!/, "");
    const parts = path.split("/");
    const matches = pattern.startsWith("**/")
      ? parts.some((part) =>
          new RegExp(`^${pattern.slice(3).replaceAll(".", "\\.").replaceAll("*", ".*")}$`).test(part),
        )
      : pattern === "*" || path === pattern || path.startsWith(`${pattern}/`);
    if (matches) ignored = !rule.startsWith("!");
  }
  return ignored;
}

test("what is copied from the checkout exists and enters the build", () => {
  const sources = stages.flatMap(copies).filter(({ words }) => !words[0]?.startsWith("--from="));
  const paths = sources.flatMap(({ words }) => words.slice(0, -1));
  expect(paths).toContain("package-lock.json");
  for (const path of paths) {
    expect(existsSync(join(CHECKOUT, path)), path).toBe(true);
    expect(isIgnored(path), path).toBe(false);
  }
});

test("every workspace's package.json is there for npm ci", () => {
  const { workspaces } = JSON.parse(readFileSync(join(CHECKOUT, "package.json"), "utf8"));
  const copied = copies(stages.find((stage) => stage.name === "manifests")).flatMap(({ words }) => words);
  expect(copied).toEqual(expect.arrayContaining(workspaces.map((name: string) => `${name}/package.json`)));
});

test.each([
  ".env",
  ".env.production",
  ".git/config",
  ".data/tls/ca/ca-key.pem",
  "gateway/.env",
  "gateway/node_modules/x",
])("%s never enters a build", (path) => {
  expect(isIgnored(path)).toBe(true);
});

test("a stage copies from an earlier stage only", () => {
  stages.forEach((stage, index) => {
    const known = stages.slice(0, index).map(({ name }) => name);
    const from = copies(stage).flatMap(({ words }) => words.filter((word) => word.startsWith("--from=")));
    for (const word of from) expect(known).toContain(word.slice("--from=".length));
  });
});

test("the images run without root, on the base alone, and say whether they are healthy", () => {
  for (const stage of targets) {
    const names = stage?.instructions.map(({ name }) => name) ?? [];
    expect(stage?.base).toBe("$".concat("{NODE_IMAGE}"));
    expect(stage?.instructions.findLast(({ name }) => name === "USER")?.words).toEqual(["node"]);
    expect(names.indexOf("USER")).toBeLessThan(names.indexOf("CMD"));
    expect(names).toContain("HEALTHCHECK");
    expect(names).not.toContain("RUN");
  }
});

test("the final stages hold no development package", () => {
  const installs = stages.flatMap(({ instructions }) => instructions).filter(({ words }) => words.includes("ci"));
  expect(installs).toHaveLength(2);
  const modules = stages.find(({ name }) => name === "gateway-modules");
  expect(modules?.instructions.find(({ name }) => name === "RUN")?.words).toContain("--omit=dev");
  const built = ["--from=build", "--from=compiled"];
  const fromBuild = targets.flatMap(copies).filter(({ words }) => built.includes(words[0] ?? ""));
  expect(fromBuild.length).toBeGreaterThan(0);
  for (const { words } of fromBuild) expect(words[1]).toContain("/dist");
});

test("the gateway's program is compiled by its own account and options, where it cannot write when it runs", () => {
  const { args, env } = planGateway({ environment: {}, port: 0 });
  const cache = join("/app", relative(CHECKOUT, env.NODE_COMPILE_CACHE ?? ""));
  const compiled = stages.find(({ name }) => name === "compiled")?.instructions ?? [];
  const at = compiled.findIndex(({ words }) => words[0]?.startsWith("NODE_COMPILE_CACHE="));
  const options = args.slice(0, -1);
  const command = [`NODE_COMPILE_CACHE=${cache}`, "node", ...options];
  expect(compiled[at]?.words.slice(0, command.length)).toEqual(command);
  expect(compiled[at - 1]).toEqual({ name: "USER", words: ["node"] });

  const gateway = stages.find(({ name }) => name === "gateway")?.instructions ?? [];
  expect(gateway.find(({ name }) => name === "ENV")?.words).toContain(`NODE_COMPILE_CACHE=${cache}`);
  expect(gateway.find(({ name }) => name === "CMD")?.words).toEqual(
    JSON.stringify(["node", ...args])
      .replaceAll(",", ", ")
      .split(" "),
  );
  // Without --chown it becomes root's.
  const copied = gateway.filter(({ words }) => words.includes("/app/gateway/dist"));
  expect(copied.map(({ words }) => words)).toEqual([["--from=compiled", "/app/gateway/dist", "gateway/dist"]]);
});

test("the images hold every file their health check loads", () => {
  const checks = ["scripts/compose/container-health.ts", "scripts/parts/http-check.ts"];
  for (const stage of targets) {
    const copied = copies(stage).flatMap(({ words }) => words);
    expect(copied).toEqual(expect.arrayContaining(checks));
  }
  for (const file of checks) {
    const source = readFileSync(join(CHECKOUT, file), "utf8");
    const imports = [...source.matchAll(/from "(\.[^"]+)"/g)].map((match) => join(file, "..", match[1] ?? ""));
    expect(checks).toEqual(expect.arrayContaining(imports));
  }
});

test("the images and compose check the same address", () => {
  const { services } = readCompose("docker-compose.yml", makeMissingSecrets({}, {}));
  for (const stage of targets) {
    const check = stage?.instructions.find(({ name }) => name === "HEALTHCHECK")?.words.join(" ") ?? "";
    const [, ...command] = services[stage?.name ?? ""]?.healthcheck?.test ?? [];
    expect(check).toContain(command.map((word) => `"${word}"`).join(", "));
  }
});
