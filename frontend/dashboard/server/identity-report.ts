import type { IncomingHttpHeaders } from "node:http";
import type { createTokenCheck, TokenCheck } from "./identity-token.ts";

export const IDENTITY_HEADERS = [
  "Remote-User",
  "Remote-Email",
  "Remote-Name",
  "Remote-Groups",
  "X-Auth-Method",
  "X-Auth-Aal",
  "X-Identity-Token",
] as const;

export type ReceivedHeader = { readonly name: string; readonly value: string };

/** What this application knows of the person behind a request, and how far it may believe it. */
export type IdentityReport = {
  /**
   * `gateway`: a verified token came along. `direct`: nothing about a person came along, so nobody's gateway was on the
   * way. `doubtful`: something came along that is not proved, which anybody who reaches this port could have written.
   */
  readonly arrival: "gateway" | "direct" | "doubtful";
  readonly public_url: string;
  readonly headers: readonly ReceivedHeader[];
  readonly token: TokenCheck;
};

export type Identify = (headers: IncomingHttpHeaders) => Promise<IdentityReport>;

/** Node reads header octets as Latin-1; the gateway sends text as UTF-8. */
function decode(value: string): string {
  return Buffer.from(value, "latin1").toString("utf8");
}

function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name.toLowerCase()];
  return typeof value === "string" ? decode(value) : value?.map(decode).join(", ");
}

/** A token as it may be shown: without its signature a copied page signs nobody in anywhere. */
function withoutSignature(token: string): string {
  return token.split(".").slice(0, 2).join(".").concat(".[signature not shown]");
}

/**
 * Makes the report on a request's headers.
 * @param publicUrl origin of the gateway, to send people there who came directly.
 */
export function createIdentify(publicUrl: string, checkToken: ReturnType<typeof createTokenCheck>): Identify {
  return async (requestHeaders) => {
    const headers = IDENTITY_HEADERS.flatMap((name) => {
      const value = headerOf(requestHeaders, name);
      return value === undefined
        ? []
        : [{ name, value: name === "X-Identity-Token" ? withoutSignature(value) : value }];
    });
    const token = await checkToken(
      headerOf(requestHeaders, "X-Identity-Token"),
      headerOf(requestHeaders, "Remote-User"),
    );
    const claimed = headers.length > 0 ? "doubtful" : "direct";
    return { arrival: token.kind === "verified" ? "gateway" : claimed, public_url: publicUrl, headers, token };
  };
}
