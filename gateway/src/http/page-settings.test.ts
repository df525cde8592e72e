import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ConfigError, loadConfig } from "../config.ts";
import { createPageSettings } from "./page-settings.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "passbridge-pages-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function load(text: string) {
  const file = join(folder, "pages.json");
  await writeFile(file, text);
  const settings = await createPageSettings(
    loadConfig({
      DATABASE_URL: "postgres://127.0.0.1/gateway",
      REDIS_URL: "redis://127.0.0.1",
      SESSION_SECRETS: "k3Jd8sPq0ZxV7mNb2LwRt5YhUe9CgFa1",
      KRATOS_HOOK_SECRET: "k3Jd8sPq0ZxV7mNb2LwRt5YhUe9CgFa1",
      PAGES_CONFIG_FILE: file,
    }),
    () => ({ rules: [], ignoreCase: false }),
  );
  return settings();
}

test("a file's names, texts and steps are the pages'", async () => {
  const file = { brand_name: "Example", texts: { "login.title": "Welcome" }, signup_steps: ["verify"] };
  expect(await load(JSON.stringify(file))).toMatchObject(file);
});

test("whatever the file holds, it is read or named as a fault", async () => {
  const files = fc.oneof(
    fc.string(),
    fc.json(),
    fc
      .record(
        { brand_name: fc.jsonValue(), texts: fc.jsonValue(), signup_steps: fc.jsonValue(), more: fc.jsonValue() },
        { requiredKeys: [] },
      )
      .map((value) => JSON.stringify(value)),
  );
  await fc.assert(
    fc.asyncProperty(files, async (text) => {
      const read = await load(text).catch((error: unknown) => error);
      if (read instanceof ConfigError) {
        expect(read.faults[0]).toMatch(/^PAGES_CONFIG_FILE/);
        return;
      }
      expect(read).toMatchObject({ brand_name: expect.any(String), texts: expect.any(Object), code_sign_in: false });
      expect(read).not.toHaveProperty("more");
    }),
  );
});
