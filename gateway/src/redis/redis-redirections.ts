import { ErrorReply } from "redis";
import type { Place } from "./redis-server.ts";

/** What a server says to a command that is not its to do: who has the key, who is getting it, or that it is a replica. */
export type Redirection =
  | { readonly kind: "moved" | "ask"; readonly to: Place }
  | { readonly kind: "replica" | "down" };

const REDIRECTION = /^(MOVED|ASK) \d+ (.*):(\d+)$/;

/** The redirection of an error (Redis Cluster specification, "Redirection and resharding"); null when it is none. */
export function redirectionOf(error: unknown): Redirection | null {
  if (!(error instanceof ErrorReply)) return null;
  const [, kind, host = "", port] = REDIRECTION.exec(error.message) ?? [];
  if (kind) return { kind: kind === "ASK" ? "ask" : "moved", to: { host, port: Number(port) } };
  if (error.message.startsWith("READONLY")) return { kind: "replica" };
  return error.message.startsWith("CLUSTERDOWN") ? { kind: "down" } : null;
}
