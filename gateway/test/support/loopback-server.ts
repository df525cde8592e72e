import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** A real server on a free port of this machine. */
export type LoopbackServer = {
  /** Its origin. */
  readonly url: URL;
  /** Also breaks the connections that are open. */
  readonly close: () => void;
};

export async function startLoopbackServer(listener: RequestListener): Promise<LoopbackServer> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
