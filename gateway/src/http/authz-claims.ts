import { type IncomingMessage, METHODS } from "node:http";
import { Problem } from "../errors.ts";
import { type ClaimedRequest, singleHeader } from "./original-requests.ts";
import { AUTHZ_PATH } from "./own-paths.ts";

/** What a proxy tells of the request it asks about, still as somebody wrote it. */
export type ToldRequest = Pick<ClaimedRequest, "method" | "host" | "target">;

/** Reads what a request to an exit tells of. Throws Problem invalid_request: missing, doubled or malformed. */
export type ReadClaim = (request: IncomingMessage) => ToldRequest;

/** Scheme, host and the rest from the first slash on. A user name before the host is no part of an http URL's request. */
const URL_PARTS = /^(?:https?|wss?):\/\/([^/?#\\@]+)(\/.*)$/i;
/** Traefik calls the scheme of a WebSocket ws or wss. */
const SCHEME = /^(?:https?|wss?)$/i;

/** Envoy puts the path it asks about behind it. */
export const EXT_AUTHZ_PATH = `${AUTHZ_PATH}/ext-authz`;

const KNOWN_METHODS = new Set(METHODS);

const invalid = (detail: string) => new Problem("invalid_request", { detail });

function required(request: IncomingMessage, name: string): string {
  const value = singleHeader(request, name);
  if (!value) throw invalid(`The header ${name} is missing.`);
  return value;
}

/**
 * The methods that reach the proxy of this gateway as well: in another spelling, such as `post`, one would fall to other
 * rules here than the upstream takes it for.
 */
function readMethod(text: string): string {
  if (!KNOWN_METHODS.has(text) || text === "CONNECT") throw invalid("The method is not valid.");
  return text;
}

/** nginx' auth_request: X-Original-URL and X-Original-Method. */
export const readAuthRequest: ReadClaim = (request) => {
  const method = readMethod(required(request, "x-original-method"));
  const [, host, target] = URL_PARTS.exec(required(request, "x-original-url")) ?? [];
  if (host === undefined || target === undefined) throw invalid("The header x-original-url is no address.");
  return { method, host, target };
};

/** Traefik's forwardAuth and Caddy's forward_auth: X-Forwarded-Method, -Proto, -Host and -Uri. */
export const readForwardAuth: ReadClaim = (request) => {
  const method = readMethod(required(request, "x-forwarded-method"));
  const host = required(request, "x-forwarded-host");
  const target = required(request, "x-forwarded-uri");
  // Who is asked for comes from PUBLIC_URL: a proxy may stand behind another one that ended TLS.
  if (!SCHEME.test(required(request, "x-forwarded-proto"))) throw invalid("The header x-forwarded-proto is no scheme.");
  if (!target.startsWith("/")) throw invalid("The header x-forwarded-uri is no path.");
  return { method, host, target };
};

/** Envoy's ext_authz over HTTP: the request's own method and Host, and its path below the prefix. */
export const readExtAuthz: ReadClaim = (request) => {
  const { url = "" } = request;
  if (!url.startsWith(`${EXT_AUTHZ_PATH}/`)) throw invalid(`The path does not begin with ${EXT_AUTHZ_PATH}/.`);
  return {
    method: readMethod(request.method ?? ""),
    host: required(request, "host"),
    target: url.slice(EXT_AUTHZ_PATH.length),
  };
};
