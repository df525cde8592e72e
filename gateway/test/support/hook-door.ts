import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { KratosHookSettings } from "../../../scripts/parts/kratos-hooks.ts";
import type { RunningGateway } from "./start-gateway.ts";

export type HookRequest = {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** An operators' port that is there before its gateway, so that a Kratos can be started that calls it. */
export type HookDoor = {
  readonly hooks: KratosHookSettings;
  /** Every call Kratos made, as it was sent. */
  readonly calls: readonly HookRequest[];
  /** While true every connection is closed without an answer. */
  deaf: boolean;
  /** From now on the gateway answers. */
  readonly open: (gateway: RunningGateway) => void;
  readonly close: () => void;
};

export async function createHookDoor(): Promise<HookDoor> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const calls: HookRequest[] = [];
  const door: HookDoor = {
    hooks: {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/kratos`,
      secret: randomBytes(32).toString("base64url"),
    },
    calls,
    deaf: false,
    open: ({ gateway }) => {
      server.on("request", (request, response) => {
        if (door.deaf) return request.socket.destroy();
        const { url: path = "" } = request;
        const headers = Object.fromEntries(Object.entries(request.headers).map((entry) => entry.map(String)));
        const chunks: Buffer[] = [];
        request.on("data", (chunk: Buffer) => chunks.push(chunk));
        request.on("end", () => calls.push({ path, headers, body: Buffer.concat(chunks).toString() }));
        return gateway.operatorApp(request, response);
      });
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return door;
}
