import { Client, type ClientConfig } from "pg";
import { NoPrimaryError } from "./postgres-errors.ts";
import type { PostgresHost } from "./postgres-url.ts";

const ASK_TIMEOUT = 1_000;
/** In recovery the second is on as well; on its own it is a primary that was told to take no writes. */
const REFUSES_WRITES =
  "SELECT pg_is_in_recovery() AS standby, current_setting('transaction_read_only')::boolean AS read_only";

type Role = { readonly standby: boolean; readonly read_only: boolean };

const where = ({ host, port }: PostgresHost) => `${host}:${port}`;

async function askOne(settings: ClientConfig, place: PostgresHost): Promise<PostgresHost> {
  const client = new Client({ ...settings, ...place, query_timeout: ASK_TIMEOUT });
  // Also after the answer: an error event without a listener would end the process.
  client.on("error", () => undefined);
  try {
    await client.connect();
    const [role] = (await client.query<Role>(REFUSES_WRITES)).rows;
    if (role?.standby) throw new NoPrimaryError("is a standby");
    if (role?.read_only !== false) throw new NoPrimaryError("takes no writes");
    return place;
  } finally {
    client.end().catch(() => undefined);
  }
}

const wordsOf = (error: unknown) => (error instanceof Error ? error.message || error.name : String(error));

/** A reason that is not the server's role, when there is one, tells more: it is the server that should be the primary. */
function noneOf(hosts: readonly PostgresHost[], reasons: readonly unknown[]): NoPrimaryError {
  const cause = reasons.find((reason) => !(reason instanceof NoPrimaryError));
  const list = hosts.map((place, index) => `${where(place)}: ${wordsOf(reasons[index])}`).join("; ");
  return new NoPrimaryError(`no server accepts writes (${list})`, cause === undefined ? undefined : { cause });
}

/**
 * Asks all servers at once, because one that hangs would cost its deadline; the first that accepts writes is taken.
 * @throws NoPrimaryError with what is wrong with each.
 */
export async function findPrimary(settings: ClientConfig, hosts: readonly PostgresHost[]): Promise<PostgresHost> {
  try {
    return await Promise.any(hosts.map((place) => askOne(settings, place)));
  } catch (error) {
    throw noneOf(hosts, error instanceof AggregateError ? error.errors : [error]);
  }
}
