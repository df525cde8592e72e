import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { CHECKOUT } from "../checkout.ts";
import { DEFAULTS, makeMissingSecrets, SECRETS } from "../settings.ts";
import { readCompose } from "./read-compose.ts";

const read = (file: string) => readFileSync(join(CHECKOUT, file), "utf8");
const settingRows = read("docs/operations.md")
  .split("\n")
  .filter((line) => /^\| `[A-Z][A-Z_]+`/.test(line));

test("every setting is in the table of docs/operations.md", () => {
  const documented = settingRows.flatMap((row) => row.split("|")[1]?.match(/[A-Z][A-Z_]+/g) ?? []);
  const { gateway } = readCompose("docker-compose.yml", makeMissingSecrets({}, {})).services;
  const names = [...Object.keys(DEFAULTS), ...Object.keys(SECRETS), ...Object.keys(gateway?.environment ?? {})];
  expect([...new Set(names)].filter((name) => !documented.includes(name))).toEqual([]);
});

test("the defaults in the table are those of the scripts", () => {
  for (const [name, value] of Object.entries(DEFAULTS)) {
    if (typeof value !== "string") continue;
    const row = settingRows.find((line) => line.split("|")[1]?.includes(`\`${name}\``));
    expect(row?.split("|")[2], name).toContain(`\`${value}\``);
  }
});

const DOCUMENTS = [
  "operations.md",
  "deployment.md",
  "routes.md",
  "passkeys.md",
  "troubleshooting.md",
  "threat-model.md",
  "decisions/README.md",
];
const FILES = [
  "CONTRIBUTING.md",
  "SECURITY.md",
  "CHANGELOG.md",
  "mailpit/README.md",
  ...DOCUMENTS.map((name) => `docs/${name}`),
];

/** A heading's anchor as repository hosts make it. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, "")
    .trim()
    .replaceAll(" ", "-");

test.each(FILES)("every link of %s leads somewhere", (file) => {
  const links = [...read(file).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map((match) => match[1] ?? "");
  for (const link of links) {
    const [path = "", anchor] = link.split("#");
    const target = path === "" ? file : join(dirname(file), path);
    expect(existsSync(join(CHECKOUT, target)), link).toBe(true);
    if (anchor === undefined) continue;
    const headings = [...read(target).matchAll(/^#+ (.+)$/gm)].map((match) => anchorOf(match[1] ?? ""));
    expect(headings, link).toContain(anchor);
  }
});
