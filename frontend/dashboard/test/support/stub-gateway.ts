import { createServer, type IncomingMessage, type ServerResponse, request as sendRequest } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { Duplex } from "node:stream";
import type { Session } from "@passbridge/client";
import { createSigner, identityHeaders, PERSON, type Signer } from "./signer.ts";

export type StubGateway = {
  readonly origin: string;
  readonly signer: Signer;
  session: Session;
  /** Answers the session and sign-out with 503. */
  failing: boolean;
  /** Identity headers sent on; null for none. */
  headers: () => Promise<Record<string, string>>;
  upstream: URL | null;
  readonly close: () => Promise<void>;
};

/** The session object of the person the stub signs in. */
export function signedIn(): Session {
  const soon = new Date(Date.now() + 3_600_000).toISOString();
  return {
    authenticated: true,
    auth_method: "passkey",
    methods: ["password", "passkey"],
    aal: "aal2",
    amr: ["pwd", "swk", "user", "mfa"],
    authenticated_at: new Date(Date.now() - 60_000).toISOString(),
    expires_at: soon,
    identity: {
      id: PERSON,
      email: "ada@example.com",
      email_verified: true,
      name: "Ada Lövelace",
      roles: ["admin", "editor"],
      traits: {},
    },
    sessions: { passkey: { id: "s1", expires_at: soon }, password: { id: "k1", expires_at: soon } },
    passkeys: { count: 2, prompt: false, enforcement: "off" },
  };
}

function answerApi(gateway: StubGateway, request: IncomingMessage, response: ServerResponse): void {
  const json = (status: number, body: unknown) =>
    response
      .writeHead(status, { "Content-Type": "application/json", "Cache-Control": "no-store" })
      .end(JSON.stringify(body));
  if (request.url === "/.well-known/jwks.json") json(200, gateway.signer.jwks);
  else if (gateway.failing) json(503, { code: "dependency_unavailable", status: 503 });
  // Too many are open, so the page polls.
  else if (request.url === "/api/auth/events") json(429, { code: "rate_limited", status: 429 });
  else if (request.url === "/api/auth/logout") {
    gateway.session = { authenticated: false };
    response.writeHead(204).end();
  } else json(200, gateway.session);
}

async function proxy(gateway: StubGateway, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const headers = { ...request.headers, ...(await gateway.headers()) };
  const target = new URL(request.url ?? "/", gateway.upstream ?? "http://127.0.0.1:1");
  const onward = sendRequest(target, { method: request.method ?? "GET", headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on("error", () => response.writeHead(502).end());
  onward.end();
}

async function proxyUpgrade(gateway: StubGateway, request: IncomingMessage, socket: Duplex): Promise<void> {
  const headers = { ...request.headers, ...(await gateway.headers()) };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const onward = connect(Number(gateway.upstream?.port), gateway.upstream?.hostname);
  onward.write(`GET ${request.url} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`, "latin1");
  onward.pipe(socket).pipe(onward);
  for (const end of [onward, socket]) {
    end.on("error", () => {
      onward.destroy();
      socket.destroy();
    });
  }
}

/** As much of a gateway as the sample application needs: keys, the session, sign-out, and a proxy that sends headers. */
export async function startStubGateway(): Promise<StubGateway> {
  const signer = await createSigner();
  const server = createServer((request, response) => {
    if (request.url === "/login")
      response.writeHead(200, { "Content-Type": "text/html" }).end("<title>Sign in</title>");
    else if (/^\/(api|\.well-known)\//.test(request.url ?? "")) answerApi(gateway, request, response);
    else void proxy(gateway, request, response);
  });
  server.on("upgrade", (request, socket) => void proxyUpgrade(gateway, request, socket));
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  const gateway: StubGateway = {
    origin,
    signer,
    session: signedIn(),
    failing: false,
    headers: async () => identityHeaders(await signer.sign({ iss: origin, aud: origin })),
    upstream: null,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return gateway;
}
