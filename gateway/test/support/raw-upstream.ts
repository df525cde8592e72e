import { createServer, type Socket } from "node:net";
import { listen } from "./websocket-front.ts";

export type RawUpstream = {
  readonly url: URL;
  /** The heads of the requests that arrived, in their order. */
  readonly heads: string[];
  /** How many connections were opened so far. */
  readonly connections: () => number;
  readonly stop: () => void;
};

/**
 * A server that speaks no HTTP of its own.
 * @param answer what is done once a request's head has arrived; also told how many of the connection did so far.
 */
export async function startRawUpstream(
  answer: (socket: Socket, head: string, count: number) => void,
): Promise<RawUpstream> {
  const heads: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    connections += 1;
    let count = 0;
    sockets.add(socket);
    socket.on("error", () => undefined).on("end", () => socket.end());
    socket.on("data", (data) => {
      const text = data.toString("latin1");
      if (!/^[A-Z]+ \S+ HTTP\/1.1\r\n/.test(text)) return;
      heads.push(text.split("\r\n\r\n", 1)[0] ?? "");
      count += 1;
      answer(socket, text, count);
    });
  });
  return {
    url: new URL(await listen(server)),
    heads,
    connections: () => connections,
    stop: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
