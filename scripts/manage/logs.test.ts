import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runCommand } from "../run-command.ts";
import { SERVICE_NAMES } from "../services.ts";

const LINES = 100;

it("writes all it has to a pipe that holds less", async () => {
  const folder = mkdtempSync(join(tmpdir(), "passbridge-logs-"));
  try {
    mkdirSync(join(folder, "logs"));
    const log = `${"x".repeat(1_900)}\n`.repeat(LINES);
    for (const name of SERVICE_NAMES) writeFileSync(join(folder, "logs", `${name}.log`), log);
    const env = { PASSBRIDGE_DATA_DIR: folder, PASSBRIDGE_ENV_FILE: join(folder, ".env") };
    const { code, stdout } = await runCommand(process.execPath, [join(import.meta.dirname, "main.ts"), "logs"], {
      env,
    });
    expect(code).toBe(0);
    expect(stdout.trimEnd().split("\n")).toHaveLength(SERVICE_NAMES.length * LINES);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
