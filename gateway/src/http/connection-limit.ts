import type { Server } from "node:http";
import type { Socket } from "node:net";
import { addressKey } from "./address-key.ts";
import { createTrust } from "./trusted-proxies.ts";

const LOOPBACK = ["127.0.0.0/8", "::1"];

/** Bounds the connections of one address (IPv6: of one network). Those of a proxy in front are many people's. */
export function limitConnections(server: Server, limit: number, trustedProxies: readonly string[]): void {
  const isProxy = createTrust([...trustedProxies, ...LOOPBACK]);
  const open = new Map<string, number>();
  server.on("connection", (socket: Socket) => {
    const address = socket.remoteAddress ?? "";
    if (isProxy(address)) return;
    const key = addressKey(address);
    const count = (open.get(key) ?? 0) + 1;
    open.set(key, count);
    socket.once("close", () => {
      const left = (open.get(key) ?? 1) - 1;
      if (left === 0) open.delete(key);
      else open.set(key, left);
    });
    if (count > limit) socket.destroy();
  });
}
