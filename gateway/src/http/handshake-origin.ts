import { Problem } from "../errors.ts";
import { type OriginalRequest, originOf } from "../policy/original-request.ts";

export type HandshakeOrigins = {
  readonly publicUrl: URL;
  /** Who may open a WebSocket from a page, besides the pages of the host itself. */
  readonly allowedOrigins: readonly string[];
};

/**
 * Browsers let any page open a WebSocket to any host, with that host's cookies (RFC 6455, section 10.2).
 * @param origin the handshake's; undefined: no browser's.
 * @throws Problem csrf_rejected for another site's page.
 */
export function refuseForeignHandshake(
  { publicUrl, allowedOrigins }: HandshakeOrigins,
  origin: string | undefined,
  original: OriginalRequest,
): void {
  const allowed = [...allowedOrigins, originOf(publicUrl, original)];
  if (origin !== undefined && !allowed.includes(origin)) throw new Problem("csrf_rejected");
}
