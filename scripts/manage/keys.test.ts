import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createDatabase, migrateLatest } from "../../gateway/src/database.ts";
import { startTestStack, type TestStack } from "../test-stack.ts";
import { type Context, loadContext } from "./context.ts";
import { gatewayProgram } from "./gateway-program.ts";

let stack: TestStack;
let folder: string;
let context: Context;

const contextFor = (databaseUrl: string) =>
  loadContext(
    {
      PATH: process.env.PATH,
      PASSBRIDGE_DATA_DIR: join(folder, "data"),
      PASSBRIDGE_ENV_FILE: join(folder, ".env"),
      DATABASE_URL: databaseUrl,
    },
    true,
  );

beforeAll(async () => {
  stack = await startTestStack({ parts: ["postgres"] });
  const database = createDatabase(stack.databaseUrl);
  await migrateLatest(database);
  await database.destroy();
  folder = mkdtempSync(join(tmpdir(), "passbridge-keys-"));
  context = await contextFor(stack.databaseUrl);
});
afterAll(async () => {
  await stack.stop();
  rmSync(folder, { recursive: true });
});

async function run(words: string, where: Context = context) {
  const said: string[] = [];
  const complaint = vi.spyOn(process.stderr, "write").mockImplementation((text) => said.push(String(text)) > 0);
  const output = { line: (text = "") => void said.push(text), step: async () => undefined as never };
  const code = await gatewayProgram(where, "keys", words.split(" "), output);
  complaint.mockRestore();
  return { code, lines: said.join("\n").trim().split("\n") };
}

test("rotates with an overlap, once at a time, and replaces at once where it has to", async () => {
  const first = await run("list");
  expect(first).toEqual({ code: 0, lines: [expect.stringMatching(/^\S{43} {2}signs$/)] });
  const rotated = await run("rotate");
  expect(rotated.lines[0]).toMatch(/^\S{43} is published now and signs from \S+Z\.$/);
  const both = (await run("list")).lines;
  expect(both).toEqual([expect.stringMatching(/ {2}published, signs from \S+Z$/), first.lines[0]]);
  expect((await run("rotate")).lines[0]).toMatch(/^Nothing to do: \S{43} is published and signs from/);
  const replaced = await run("rotate --now");
  const kid = replaced.lines[0]?.slice(0, 43);
  expect((await run("list")).lines).toEqual([`${kid}  signs`]);
  expect(both.join()).not.toContain(kid);
});

test.each(["rotate now", "", "remove", "list all"])("does not guess what `keys %s` means", async (words) => {
  const { code, lines } = await run(words);
  expect(code).toBe(1);
  expect(lines.at(-1)).toBe("→ Use ./manage.sh keys list, keys rotate or keys rotate --now");
});

test("says that PostgreSQL is away, and what to do", async () => {
  const { code, lines } = await run("list", await contextFor("postgres://nobody@127.0.0.1:9/gateway"));
  expect({ code, lines }).toEqual({
    code: 1,
    lines: ["PostgreSQL cannot be asked: connect ECONNREFUSED 127.0.0.1:9", "→ Start it: ./manage.sh start"],
  });
});
