import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A way to a server that can be cut, as a network is. */
export type TcpFront = {
  /** The server's URL, by this way. */
  readonly url: string;
  /** Breaks every connection, and new ones as soon as they are made. */
  readonly cut: () => void;
  readonly mend: () => void;
  readonly stop: () => void;
};

export async function startTcpFront(target: string): Promise<TcpFront> {
  const { hostname, port } = new URL(target);
  const open = new Set<Socket>();
  let isCut = false;
  const server = createServer((client) => {
    if (isCut) return void client.destroy();
    const inner = connect(Number(port), hostname);
    for (const [from, to] of [
      [client, inner],
      [inner, client],
    ] as const) {
      open.add(from);
      from.pipe(to);
      from
        .on("error", () => undefined)
        .on("close", () => {
          open.delete(from);
          to.destroy();
        });
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(target);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const breakAll = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    url: url.href,
    cut: () => {
      isCut = true;
      breakAll();
    },
    mend: () => {
      isCut = false;
    },
    stop: () => {
      breakAll();
      server.close();
    },
  };
}
