import { createClusterDirectory } from "./redis-cluster.ts";
import type { Directory } from "./redis-layout.ts";
import { createSentinelDirectory } from "./redis-sentinel.ts";
import { accessOf, createConnectToAsk, placeOf } from "./redis-server.ts";
import type { RedisSettings } from "./redis-settings.ts";

const SENTINEL_PORT = 26_379;
const SERVER_PORT = 6_379;

/** Who is asked where the servers are: the sentinels, who may have a password of their own, or the cluster itself. */
export function createAskedDirectory(settings: RedisSettings): Directory {
  const access = accessOf(settings);
  const { mode, urls, sentinel } = settings;
  if (mode === "cluster") {
    return createClusterDirectory(
      urls.map((url) => placeOf(url, SERVER_PORT)),
      createConnectToAsk(access),
    );
  }
  const { master, username, password } = sentinel;
  const ask = createConnectToAsk({ tls: access.tls, username, password });
  return createSentinelDirectory(
    urls.map((url) => placeOf(url, SENTINEL_PORT)),
    master,
    ask,
  );
}
