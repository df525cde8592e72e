import { createServer, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { listen } from "./websocket-front.ts";

export const TEST_ID = "x-test-id";

/** What reached an upstream of a request. */
export type Recorded = Pick<IncomingMessage, "method" | "url" | "headers" | "rawHeaders"> & { readonly body: string };

export type RecordingUpstream = {
  readonly url: URL;
  /** What came under this test id, taken away; null when nothing did. */
  readonly take: (testId: string) => Recorded | null;
  readonly stop: () => void;
};

const UPGRADED = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";

/** An application that keeps what it was asked, by the header X-Test-Id, and answers 200, or 101 to a WebSocket. */
export async function startRecordingUpstream(): Promise<RecordingUpstream> {
  const records = new Map<string, Recorded>();
  const record = ({ method, url, headers, rawHeaders }: IncomingMessage, body = "") => {
    records.set(String(headers[TEST_ID]), { method, url, headers, rawHeaders, body });
  };
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    record(request, body);
    response.setHeader("X-Application", "yes").end("the application");
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex) => {
    record(request);
    socket.on("error", () => socket.destroy());
    socket.end(UPGRADED);
  });
  const url = new URL(await listen(server));
  return {
    url,
    take: (testId) => {
      const found = records.get(testId) ?? null;
      records.delete(testId);
      return found;
    },
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
