import { ConfigError, loadConfig } from "./config.ts";
import { createDatabase, migrateDown, migrateLatest } from "./database.ts";

const COMMANDS = { latest: migrateLatest, down: migrateDown };

async function main(command: string | undefined): Promise<void> {
  const run = command === "latest" || command === "down" ? COMMANDS[command] : undefined;
  if (!run) throw new Error("usage: migrate latest | down");
  const database = createDatabase(loadConfig().databaseUrl);
  try {
    const names = await run(database);
    process.stdout.write(names.length > 0 ? `${command}: ${names.join(", ")}\n` : `${command}: nothing to do\n`);
  } finally {
    await database.destroy();
  }
}

main(process.argv[2]).catch((error: unknown) => {
  const text = error instanceof ConfigError ? error.message : `The migration failed: ${String(error)}`;
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
});
