import { runSql } from "./sql.ts";

/**
 * Has one of Kratos' flows run out, as if its hour had passed.
 * @param databaseUrl any database of the server.
 * @throws Error when there is no such flow.
 */
export async function expireFlow(
  databaseUrl: string,
  kind: "registration" | "verification",
  id: string,
): Promise<void> {
  const kratos = new URL(databaseUrl);
  kratos.pathname = "/kratos";
  const sql = `UPDATE selfservice_${kind}_flows SET expires_at = issued_at WHERE id = '${id}' RETURNING id`;
  const updated = await runSql(kratos.href, sql);
  if (updated !== id) throw new Error(`there is no ${kind} flow ${id}`);
}
