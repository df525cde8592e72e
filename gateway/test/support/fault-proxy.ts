import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { createFaultSwitch, type Fault } from "./fault.ts";
import { joinFaulty } from "./faulty-connection.ts";

/** A way to a server on which faults are turned on and off while connections are open. */
export type FaultProxy = {
  /** The server's URL, by this way. */
  readonly url: string;
  readonly turn: (fault: Fault) => void;
  readonly heal: () => void;
  /** How many connections are open. */
  readonly connections: () => number;
  readonly stop: () => void;
};

/** @param target the server's URL, with its port. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const { hostname, port } = new URL(target);
  const faults = createFaultSwitch();
  const clients = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    if (faults.now().kind === "refuse") return void client.on("error", () => undefined).resetAndDestroy();
    clients.add(client);
    client.on("close", () => clients.delete(client));
    joinFaulty(faults, client, connect({ host: hostname, port: Number(port), allowHalfOpen: true, noDelay: true }));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = new URL(target);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const turn = (fault: Fault) => {
    faults.turn(fault);
    if (fault.kind !== "refuse") return;
    for (const client of clients) client.resetAndDestroy();
  };
  return {
    url: url.href,
    turn,
    heal: () => turn({ kind: "pass" }),
    connections: () => clients.size,
    stop: () => {
      turn({ kind: "refuse" });
      server.close();
    },
  };
}
