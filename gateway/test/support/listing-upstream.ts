import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export type Recorded = Pick<IncomingMessage, "method" | "url" | "rawHeaders" | "headers">;

export type ListingUpstream = {
  readonly url: URL;
  /** Every request and every upgrade, in the order they arrived. */
  readonly seen: Recorded[];
  readonly stop: () => Promise<void>;
};

/** Answers every request with its name, and refuses every WebSocket with 418 after it has recorded it. */
export async function startListingUpstream(name = "recorded"): Promise<ListingUpstream> {
  const seen: Recorded[] = [];
  const record = ({ method, url, rawHeaders, headers }: IncomingMessage) =>
    seen.push({ method, url, rawHeaders, headers });
  const server = createServer(async (request, response) => {
    record(request);
    await request.resume().toArray();
    response.end(name);
  });
  server.on("upgrade", (request, socket) => {
    record(request);
    socket.on("error", () => undefined).end("HTTP/1.1 418 Teapot\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    seen,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
