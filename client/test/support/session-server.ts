import type { Session } from "../../src/client.ts";
import { startServer } from "./http-server.ts";

export type SessionServer = {
  readonly origin: string;
  /** The If-None-Match of each request, in order. */
  readonly asked: Array<string | undefined>;
  /** What is answered from now on. */
  readonly serve: (session: Session) => void;
  readonly fail: (status: number, headers?: Record<string, string>) => void;
  /** Holds the answers back until the returned function is called; they are those of the time of the request. */
  readonly hold: () => () => void;
  readonly close: () => Promise<void>;
};

type Reply = { status: number; headers: Record<string, string>; body: string };

/** A server that answers GET /api/auth/session as the contract says, with an ETag, or fails as told. */
export async function startSessionServer(first: Session): Promise<SessionServer> {
  const asked: Array<string | undefined> = [];
  let etags = 0;
  let reply: Reply;
  let gate: Promise<void> = Promise.resolve();

  function serve(session: Session): void {
    etags += 1;
    reply = { status: 200, headers: { ETag: `"${etags}"` }, body: JSON.stringify(session) };
  }
  serve(first);

  const server = await startServer(async (request, response) => {
    const match = request.headers["if-none-match"];
    asked.push(match);
    const { status, headers, body } = reply;
    await gate;
    const unchanged = status === 200 && match === headers.ETag;
    response.writeHead(unchanged ? 304 : status, headers);
    response.end(unchanged ? undefined : body);
  });

  return {
    origin: server.origin,
    asked,
    serve,
    fail(status, headers = {}) {
      reply = { status, headers, body: JSON.stringify({ code: "dependency_unavailable", status }) };
    },
    hold() {
      let open: () => void = () => undefined;
      gate = new Promise((resolve) => {
        open = resolve;
      });
      return () => open();
    },
    close: server.close,
  };
}
