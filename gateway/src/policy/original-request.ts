/** A request as the person's browser sent it, however it reached the gateway: what the decision is about. */
export type OriginalRequest = {
  readonly method: string;
  /** Lower case, with a port that is not the scheme's own. PUBLIC_URL's where no rule names the client's. */
  readonly host: string;
  /** Normalised (request-target.ts). */
  readonly path: string;
  /** With its question mark; empty when there is none. */
  readonly query: string;
  /** Whether a person's browser is loading a page. */
  readonly pageLoad: boolean;
};

/** A host without its port, which names no other application. */
export function hostName(host: string): string {
  return host.replace(/:\d*$/, "");
}

/** The origin of the pages at the request's host, which may open WebSockets there. */
export function originOf(publicUrl: URL, { host }: Pick<OriginalRequest, "host">): string {
  return `${publicUrl.protocol}//${host}`;
}
