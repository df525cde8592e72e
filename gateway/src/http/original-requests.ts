import type { IncomingMessage } from "node:http";
import { Problem } from "../errors.ts";
import type { OriginalRequest } from "../policy/original-request.ts";
import { readRequestTarget } from "../policy/request-target.ts";
import { isKnownHost } from "../policy/route-match.ts";
import type { CurrentRules } from "../routes/route-decision.ts";
import { isPageLoad } from "./page-load.ts";
import type { Trust } from "./trusted-proxies.ts";

/** A host as it is compared: a name or an address, and a port that is not the scheme's own. */
const HOST = /^([a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])\.?(?::(\d{1,5}))?$/;
const OWN_PORTS: Readonly<Record<string, string>> = { "http:": "80", "https:": "443" };

/** The parts a request is said to have been made of, each still as somebody wrote it. */
export type ClaimedRequest = {
  readonly method: string;
  readonly host: string;
  readonly target: string;
  readonly pageLoad: boolean;
};

/** Reads what a browser asked for. Throws Problem invalid_request for what cannot be read in one way alone. */
export type OriginalRequests = {
  /** Of a request that came here to be proxied. */
  readonly direct: (request: IncomingMessage) => OriginalRequest;
  /** Of one that another proxy tells of. */
  readonly claimed: (claim: ClaimedRequest) => OriginalRequest;
};

export type OriginalRequestsDeps = {
  readonly publicUrl: URL;
  readonly trusted: Trust;
  readonly rules: CurrentRules;
};

const invalid = (detail: string) => new Problem("invalid_request", { detail });

/** One value, or none; a proxy that writes two leaves open which of them it routes by. */
export function singleHeader({ rawHeaders }: IncomingMessage, name: string): string | undefined {
  let value: string | undefined;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (rawHeaders[at]?.length !== name.length || rawHeaders[at]?.toLowerCase() !== name) continue;
    if (value !== undefined) throw invalid(`The header ${name} came more than once.`);
    value = rawHeaders[at + 1] ?? "";
  }
  return value;
}

function readHost(text: string, protocol: string): string {
  const [, name, port] = HOST.exec(text.toLowerCase()) ?? [];
  if (name === undefined) throw invalid("The host is not valid.");
  return port === undefined || port === OWN_PORTS[protocol] ? name : `${name}:${port}`;
}

export function createOriginalRequests({ publicUrl, trusted, rules }: OriginalRequestsDeps): OriginalRequests {
  const claimed: OriginalRequests["claimed"] = ({ method, host, target, pageLoad }) => {
    const read = readRequestTarget(target);
    if (!read) throw invalid("The request target is not valid.");
    const own = readHost(host, publicUrl.protocol);
    return { method, host: isKnownHost(rules(), own) ? own : publicUrl.host, ...read, pageLoad };
  };
  return {
    claimed,
    direct: (request) => {
      const forwarded = trusted(request.socket.remoteAddress ?? "") && singleHeader(request, "x-forwarded-host");
      return claimed({
        method: request.method ?? "",
        host: forwarded || (request.headers.host ?? ""),
        target: request.url ?? "",
        pageLoad: isPageLoad(request),
      });
    },
  };
}
