import { once } from "node:events";
import { WebSocket } from "ws";

/** WebSockets to a gateway, one opened after the other. */
export async function openSockets(origin: string, count: number): Promise<WebSocket[]> {
  const sockets: WebSocket[] = [];
  while (sockets.length < count) {
    const socket = new WebSocket(origin.replace("http", "ws"));
    socket.on("error", () => undefined);
    await once(socket, "open");
    sockets.push(socket);
  }
  return sockets;
}
