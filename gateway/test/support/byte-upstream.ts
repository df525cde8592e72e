import { EventEmitter, once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** An upstream that keeps every byte it is sent, as it came. */
export type ByteUpstream = {
  readonly url: string;
  /** What came since the last look. */
  readonly take: () => string;
  /** Emits `request` for each one that was understood, and `gone` for one whose client left. */
  readonly events: EventEmitter;
  readonly stop: () => Promise<void>;
};

export async function startByteUpstream(): Promise<ByteUpstream> {
  const events = new EventEmitter();
  let recorded = "";
  const server = createServer((request, response) => {
    events.emit("request");
    response.once("close", () => {
      if (!response.writableFinished) events.emit("gone");
    });
    request.on("error", () => undefined).resume();
    request.once("end", () => response.end(`the application: ${request.method} ${request.url}`));
  });
  server.on("connection", (socket: Socket) => {
    socket.on("data", (chunk) => {
      recorded += chunk.toString("latin1");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take: () => {
      const taken = recorded;
      recorded = "";
      return taken;
    },
    events,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
