import { z } from "zod";
import { createAsker } from "./redis-asker.ts";
import type { Directory } from "./redis-layout.ts";
import type { Connect, Place } from "./redis-server.ts";

/** SENTINEL GET-MASTER-ADDR-BY-NAME; null where the name is not known. */
const address = z.tuple([z.string(), z.coerce.number()]);
/** ROLE: what the server is, and what depends on that. */
const role = z.tuple([z.string()]).rest(z.unknown());

/**
 * The primary that sentinels name, asked for as Redis says ("Guidelines for Redis clients with support for Redis Sentinel"):
 * the first sentinel that answers is believed, but for a server that says itself that it is no primary.
 */
export function createSentinelDirectory(sentinels: readonly Place[], master: string, connect: Connect): Directory {
  const asker = createAsker(connect);
  return {
    ask: async () => {
      const command = ["SENTINEL", "GET-MASTER-ADDR-BY-NAME", master];
      const { reply } = await asker.ask(sentinels, command, (told) => address.safeParse(told).success);
      const [host, port] = address.parse(reply);
      const place = { host, port };
      return { places: [place], placeOf: () => place };
    },
    distrust: asker.moveOn,
    accepts: async (server) => role.parse(await server.sendCommand(["ROLE"]))[0] === "master",
    close: asker.close,
  };
}
