import { expect, it } from "vitest";
import { migrations } from "../migrations/index.ts";
import { createDatabase, migrateDown, migrateLatest } from "../src/database.ts";
import { createTestDatabase } from "./support/start-gateway.ts";

const tables = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1";

it("goes all the way back, and forward again with several replicas at once", async () => {
  const url = await createTestDatabase();
  const replicas = [createDatabase(url), createDatabase(url), createDatabase(url)] as const;
  const [first] = replicas;
  try {
    const before = (await first.raw(tables)).rows;
    for (const { name } of migrations.toReversed()) expect(await migrateDown(first)).toEqual([name]);
    expect(await migrateDown(first)).toEqual([]);
    expect((await first.raw(tables)).rows).toEqual([
      { table_name: "knex_migrations" },
      { table_name: "knex_migrations_lock" },
    ]);

    const applied = await Promise.all(replicas.map(migrateLatest));
    expect(applied.flat().toSorted()).toEqual(migrations.map(({ name }) => name));
    expect((await first.raw(tables)).rows).toEqual(before);
  } finally {
    await Promise.all(replicas.map((replica) => replica.destroy()));
  }
});
