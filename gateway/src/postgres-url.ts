import type { ConnectionOptions } from "node:tls";
import { PostgresUrlError, readPostgresTls } from "./postgres-tls.ts";

export type PostgresHost = { readonly host: string; readonly port: number };

/** What was given of these, by node-postgres' names; `options` are the server's command line. */
export type PostgresLogin = {
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
  readonly application_name?: string;
  readonly options?: string;
};

/** DATABASE_URL, read: where the servers are, as whom they are asked, and how. */
export type PostgresAddress = {
  readonly hosts: readonly PostgresHost[];
  /** Whether a server is asked if it accepts writes before it is used: one of several, or one that may be a standby. */
  readonly choosing: boolean;
  readonly login: PostgresLogin;
  readonly tls: ConnectionOptions | null;
};

const DEFAULT_PORT = 5432;
const SHAPE = /^postgres(?:ql)?:\/\/(?<authority>[^/?#]*)(?:\/(?<database>[^?#]*))?(?:\?(?<query>[^#]*))?$/i;
const KNOWN = [
  "sslmode",
  "sslrootcert",
  "sslcert",
  "sslkey",
  "target_session_attrs",
  "application_name",
  "options",
  "host",
  "port",
];

function decoded(text: string | undefined): string | undefined {
  if (!text) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    throw new PostgresUrlError("needs a user name and password in percent-encoding");
  }
}

function readPort(text: string | undefined): number {
  if (!text) return DEFAULT_PORT;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw new PostgresUrlError(`${text} is not a port`);
}

/** `host`, `host:port`, `[address]:port` or `%2Ffolder`; nothing is this machine. */
function readHost(text: string): PostgresHost {
  const [, bracketed, plain, port] = /^(?:\[([\da-fA-F:.]+)\]|([^:[\]\s]*))(?::(.*))?$/.exec(text) ?? [];
  if (bracketed === undefined && plain === undefined) throw new PostgresUrlError(`${text} is not a host`);
  return { host: bracketed ?? decoded(plain) ?? "localhost", port: readPort(port) };
}

/** From the parameters `host` and `port`, one port for all or one each, as libpq takes them (34.1.1.3). */
function hostsOfParameters(hosts: string, ports: string | null): PostgresHost[] {
  const names = hosts.split(",");
  const numbers = ports?.split(",") ?? [];
  if (numbers.length > 1 && numbers.length !== names.length) {
    throw new PostgresUrlError("needs one port for all hosts, or one for each");
  }
  return names.map((host, place) => ({
    host: host || "localhost",
    port: readPort(numbers.length > 1 ? numbers[place] : numbers[0]),
  }));
}

/** The gateway writes, so of several servers it needs the one that lets it. */
function isChoosing(target: string | null, hosts: readonly PostgresHost[]): boolean {
  if (target === null || target === "any") return hosts.length > 1;
  if (target === "read-write" || target === "primary") return true;
  throw new PostgresUrlError(`target_session_attrs=${target} would be a server that refuses writes; use read-write`);
}

function readParameters(query: string | undefined): URLSearchParams {
  const params = new URLSearchParams(query);
  for (const name of params.keys()) {
    // node-postgres' name for what is done in any case.
    if (name === "uselibpqcompat") continue;
    if (!KNOWN.includes(name)) {
      throw new PostgresUrlError(`does not know the parameter ${name}; there are ${KNOWN.join(", ")}`);
    }
  }
  return params;
}

function given(login: Readonly<Record<keyof PostgresLogin, string | null | undefined>>): PostgresLogin {
  return Object.fromEntries(Object.entries(login).filter((entry): entry is [string, string] => Boolean(entry[1])));
}

/**
 * Reads a connection URI as libpq does (PostgreSQL manual, 34.1.1.2), with several hosts too.
 * @throws PostgresUrlError when it is malformed, has a parameter nobody knows, or names a file that cannot be used.
 */
export function readPostgresUrl(text: string): PostgresAddress {
  const { authority, database, query } = SHAPE.exec(text.trim())?.groups ?? {};
  if (authority === undefined) {
    throw new PostgresUrlError("needs a URL that starts with postgres:// or postgresql://");
  }
  const at = authority.lastIndexOf("@");
  const [, user, password] = /^([^:]*)(?::([\s\S]*))?$/.exec(authority.slice(0, Math.max(at, 0))) ?? [];
  const params = readParameters(query);
  const named = params.get("host");
  const hosts = named
    ? hostsOfParameters(named, params.get("port"))
    : authority
        .slice(at + 1)
        .split(",")
        .map(readHost);
  return {
    hosts,
    choosing: isChoosing(params.get("target_session_attrs"), hosts),
    login: given({
      user: decoded(user),
      password: decoded(password),
      database: decoded(database),
      application_name: params.get("application_name"),
      options: params.get("options"),
    }),
    tls: readPostgresTls(params),
  };
}
