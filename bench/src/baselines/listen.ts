import type { Server } from "node:http";

/** Listens on the loopback address at the port in PORT. */
export function listen(server: Server): void {
  server.listen(Number(process.env.PORT), "127.0.0.1");
}
