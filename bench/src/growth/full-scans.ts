import { setTimeout as sleep } from "node:timers/promises";
import { withClient } from "./seed-postgres.ts";

/** Rows from which on a table read from end to end is felt. */
const LARGE = 100_000;

/** Connections report what they read once they have been idle for a second. */
const REPORT_DELAY = 1_500;

/** How often a large table was read from end to end since the database was made, in all databases given. */
export async function countFullScans(urls: readonly string[]): Promise<number> {
  await sleep(REPORT_DELAY);
  const counts = await Promise.all(
    urls.map((url) =>
      withClient(url, async (client) => {
        const { rows } = await client.query<{ scans: string }>(
          "SELECT coalesce(sum(seq_scan), 0) AS scans FROM pg_stat_user_tables WHERE n_live_tup > $1",
          [LARGE],
        );
        return Number(rows[0]?.scans);
      }),
    ),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
