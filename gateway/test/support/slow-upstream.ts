import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";

export type SlowUpstream = {
  readonly port: number;
  /** Lets every answer to /stream come to its end. */
  readonly finish: () => void;
  /** How many connections are open to it. */
  readonly connections: () => Promise<number>;
  /** How many POST requests came. */
  readonly posts: () => number;
  readonly close: () => void;
};

/** An application that answers with its name, echoes on WebSockets, and at /stream says half and waits. */
export async function startSlowUpstream(name: string): Promise<SlowUpstream> {
  const waiting: ServerResponse[] = [];
  let posts = 0;
  const server = createServer((request, response) => {
    if (request.method === "POST") posts += 1;
    if (request.url !== "/stream") return void response.end(name);
    response.write("first ");
    waiting.push(response);
  });
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket) => socket.on("message", (text) => socket.send(`${name}: ${text}`)));
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    port: (server.address() as AddressInfo).port,
    posts: () => posts,
    finish: () => {
      for (const response of waiting.splice(0)) response.end("last");
    },
    connections: () =>
      new Promise((resolve, reject) => {
        server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
      }),
    close: () => {
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      server.close();
    },
  };
}
