import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import { createClient, type RedisClientOptions, type RedisClientType } from "redis";
import { createReconnectPauses } from "./reconnect-pauses.ts";
import { keepRedisAnswering } from "./redis-heartbeat.ts";
import type { RedisSettings } from "./redis-settings.ts";

/** Where a server listens. */
export type Place = { readonly host: string; readonly port: number };

/** Who the gateway is to a server. */
export type Access = {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly database?: number;
  readonly tls: RedisSettings["tls"] | null;
};

/** Makes a connection to a server, not connected yet. */
export type Connect = (place: Place) => RedisClientType;

/** Hears which keys changed that were read over a connection, and that all may have. */
export type ClientSideCache = NonNullable<RedisClientOptions["clientSideCache"]>;

const CONNECT_TIMEOUT = 2_000;
const SILENCE_TIMEOUT = 4_000;

export const samePlace = (one: Place, other: Place) => one.host === other.host && one.port === other.port;

const decoded = (text: string) => (text ? decodeURIComponent(text) : undefined);

/** @param port where servers of this kind listen unless the URL says otherwise. */
export function placeOf(url: string, port: number): Place {
  const parsed = new URL(url);
  const host = parsed.hostname.replace(/^\[(.*)\]$/, "$1") || "localhost";
  return { host, port: parsed.port ? Number(parsed.port) : port };
}

/** What the settings' addresses say of user, database and TLS, the same for all of them. */
export function accessOf({ urls, tls }: RedisSettings): Access {
  const { protocol, username, password, pathname } = new URL(urls[0] ?? "redis://localhost");
  return {
    username: decoded(username),
    password: decoded(password),
    database: Number(pathname.slice(1)) || 0,
    tls: protocol === "rediss:" ? tls : null,
  };
}

function socketOptions({ host, port }: Place, { tls }: Access, connectTimeout: number) {
  const at = { host, port, connectTimeout };
  if (!tls) return at;
  const { ca, cert, key } = tls;
  return { ...at, tls: true as const, ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}

const credentialsOf = ({ username, password }: Access) => ({
  ...(username && { username }),
  ...(password && { password }),
});

/**
 * Says who the gateway is when a pause is over: node-redis pauses after a try that fails, but never after a connection
 * that was there, however short. Where each is lost at once it would make thousands a second.
 */
function credentialsAfter(beforeUse: () => number, access: Access): RedisClientOptions {
  const credentials = async () => {
    const pause = beforeUse();
    if (pause > 0) await delay(pause, undefined, { ref: false });
    return credentialsOf(access);
  };
  return { credentialsProvider: { type: "async-credentials-provider", credentials } };
}

/**
 * Connections that fail fast and recover by themselves: commands are refused while one is down, and one that is silent or
 * brings other answers than those to its questions is broken off.
 */
export function createConnect(access: Access, log: Logger, clientSideCache?: ClientSideCache): Connect {
  return (place) => {
    const pauses = createReconnectPauses();
    const client: RedisClientType = createClient({
      ...credentialsAfter(pauses.beforeUse, access),
      ...(access.database && { database: access.database }),
      disableOfflineQueue: true,
      ...(clientSideCache && { clientSideCache }),
      socket: {
        ...socketOptions(place, access, CONNECT_TIMEOUT),
        socketTimeout: SILENCE_TIMEOUT,
        reconnectStrategy: pauses.afterFailure,
      },
    });
    const server = { dependency: "redis", server: `${place.host}:${place.port}` };
    client.on("error", (error: unknown) => log.warn({ err: error, ...server }, "redis"));
    keepRedisAnswering(client, log);
    client.on("ready", () => {
      pauses.connected();
      log.info(server, "redis is connected");
    });
    return client;
  };
}

/** Connections for one kind of question, which whoever asks gives up in time; one that is lost is not made again. */
export function createConnectToAsk(access: Access): Connect {
  return (place) => {
    const client: RedisClientType = createClient({
      ...credentialsOf(access),
      disableOfflineQueue: true,
      socket: { ...socketOptions(place, access, CONNECT_TIMEOUT), reconnectStrategy: false },
    });
    // Whoever asks gets the error as well.
    return client.on("error", () => undefined);
  };
}
