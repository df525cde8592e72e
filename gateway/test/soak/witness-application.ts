import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import { z } from "zod";
import type { Ledger } from "./ledger.ts";

/** By which people say who they are, past the gateway. */
export const MARKER = "x-soak-person";

/** An application that knows who asks, and holds what the gateway says of them against it. */
export type WitnessApplication = {
  readonly url: URL;
  /** As if it were killed: nothing is listening, and what was open is reset. */
  readonly crash: () => void;
  readonly restart: () => Promise<void>;
};

const PAGE = "the application ".repeat(128);
const claims = z.object({ sub: z.string(), email: z.string() });

function tokenClaims(token: string) {
  const payload = token.split(".")[1] ?? "";
  return claims.safeParse(JSON.parse(Buffer.from(payload, "base64url").toString() || "null")).data;
}

/** What is wrong with what a request says of its person; null: nothing. */
function faultOf({ headers }: IncomingMessage): string | null {
  const asks = String(headers[MARKER]);
  const told = [headers["remote-email"], headers["remote-user"], headers["x-identity-token"]].map(String);
  const [email, user, token = ""] = told;
  const signed = tokenClaims(token);
  const right = email === asks && signed?.email === asks && signed.sub === user;
  const clean = !/passbridge_session|ory_kratos_session/.test(headers.cookie ?? "");
  return right && clean
    ? null
    : `${asks} came as ${email} ${user} ${JSON.stringify(signed)}${clean ? "" : " with cookies"}`;
}

async function start(server: Server, port: number): Promise<number> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

export async function startWitnessApplication(ledger: Ledger): Promise<WitnessApplication> {
  const judge = (request: IncomingMessage) => {
    const fault = faultOf(request);
    ledger.check("upstreamIdentity", fault === null, () => fault ?? "");
  };
  const server = createServer((request, response) => {
    judge(request);
    request.resume();
    response.end(PAGE);
  });
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket, request) => {
    judge(request);
    socket.on("error", () => undefined).on("message", (data) => socket.send(String(data)));
  });
  const port = await start(server, 0);
  return {
    url: new URL(`http://127.0.0.1:${port}`),
    crash: () => {
      for (const socket of sockets.clients) socket.terminate();
      server.close();
      server.closeAllConnections();
    },
    restart: async () => {
      await start(server, port);
    },
  };
}
