import { once } from "node:events";
import { networkInterfaces } from "node:os";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createHttpServer } from "../src/http-server.ts";
import { createBrowser } from "./support/browser.ts";
import { type ByteUpstream, startByteUpstream } from "./support/byte-upstream.ts";
import { createPerson, signUp } from "./support/people.ts";
import { connectTo, rawRequest, readUntil } from "./support/raw-http.ts";
import { createTestDatabase, type RunningGateway, startGateway } from "./support/start-gateway.ts";

let upstream: ByteUpstream;
let gateway: RunningGateway;
let cookie: string;

beforeAll(async () => {
  upstream = await startByteUpstream();
  gateway = await startGateway({
    env: { DATABASE_URL: await createTestDatabase(), UPSTREAM_URL: upstream.url },
    limits: { headersTimeout: 400, bodySilence: 800, idleConnection: 200, interval: 50 },
  });
  const browser = createBrowser(gateway.origin);
  await signUp(browser, createPerson());
  cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
});
afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

const head = (path: string, ...headers: string[]) =>
  `${[`POST ${path} HTTP/1.1`, "Host: localhost", `Cookie: ${cookie}`, "Content-Type: application/json", ...headers].join("\r\n")}\r\n\r\n`;
const PATHS = ["/api/passkeys/login/start", "/.ory/kratos/self-service/login", "/anything/of/the/application"];
const problem = (status: number, code: string) => new RegExp(`^HTTP/1.1 ${status} [^]*"code":"${code}"`);

describe("slow clients", () => {
  test.each(["", "G", "GET / HTTP/1.1\r\nHost: localhost\r\n"])("%j and then nothing: 408, closed", async (text) => {
    expect(await rawRequest(gateway.origin, text)).toMatch(problem(408, "request_timeout"));
  });

  test("a header now and then: 408, closed", async () => {
    const socket = await connectTo(gateway.origin);
    const drip = setInterval(() => socket.write("X-A: b\r\n"), 50);
    socket.on("error", () => undefined);
    socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n");
    expect(await readUntil(socket)).toMatch(problem(408, "request_timeout"));
    clearInterval(drip);
    socket.destroy();
  });

  test.each(PATHS)("half a body for %s and then nothing: 408, closed, and nothing left open behind", async (path) => {
    const gone = path === PATHS[2] ? once(upstream.events, "gone") : null;
    expect(await rawRequest(gateway.origin, `${head(path, "Content-Length: 100")}{"half":`)).toMatch(
      problem(408, "request_timeout"),
    );
    expect(await rawRequest(gateway.origin, `${head(path, "Transfer-Encoding: chunked")}5\r\n{"ha`)).toMatch(
      problem(408, "request_timeout"),
    );
    await gone;
  });

  test("a body that moves is not cut, however slow", async () => {
    const socket = await connectTo(gateway.origin);
    socket.write(head("/upload", "Content-Length: 20", "Connection: close"));
    for (let sent = 0; sent < 20; sent += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      socket.write("x");
    }
    expect(await readUntil(socket)).toMatch(/^HTTP\/1.1 200 /);
    socket.destroy();
  });

  test("a connection without a request on it is closed", async () => {
    const socket = await connectTo(gateway.origin);
    socket.write("GET /health/alive HTTP/1.1\r\nHost: localhost\r\n\r\n");
    expect(await readUntil(socket)).toMatch(/^HTTP\/1.1 200 /);
    socket.destroy();
  });
});

describe("too much", () => {
  const BIG = "x".repeat(70_000);

  test.each(PATHS.slice(0, 2))("a body for %s over 64 KiB: 413, announced, chunked or endless", async (path) => {
    const announced = `${head(path, "Content-Length: 70000", "Connection: close")}${BIG}`;
    expect(await rawRequest(gateway.origin, announced)).toMatch(problem(413, "payload_too_large"));
    const chunk = `${BIG.length.toString(16)}\r\n${BIG}\r\n`;
    const socket = await connectTo(gateway.origin);
    socket.on("error", () => undefined);
    socket.write(head(path, "Transfer-Encoding: chunked"));
    const flood = setInterval(() => socket.write(chunk), 20);
    const answer = await readUntil(socket, (text) => text.includes('"code"'));
    clearInterval(flood);
    socket.destroy();
    expect(answer).toMatch(problem(413, "payload_too_large"));
  });

  test.each(PATHS.slice(0, 2))("a body for %s that is longer than announced ends where it was to end", async (path) => {
    const answer = await rawRequest(gateway.origin, `${head(path, "Content-Length: 2")}{}${BIG}`);
    // The rest is no request: it is refused, or the connection was closed before.
    const [, ...rest] = [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => status);
    expect(["", "400", "431"]).toContain(rest.join());
  });
});

test("connections of one address are bounded, a proxy's are not", async () => {
  const own = Object.values(networkInterfaces())
    .flat()
    .find((address) => address?.family === "IPv4" && !address.internal)?.address;
  const addresses = own ? [own] : [];
  for (const trustedProxies of [[], addresses]) {
    const { server, serve } = createHttpServer({ tls: null, trustedProxies, limits: { connectionsPerAddress: 2 } });
    serve({ handle: gateway.gateway.handle, upgrade: gateway.gateway.upgrade });
    server.listen(0);
    await once(server, "listening");
    const address = server.address();
    const origin = `http://${own ?? "127.0.0.1"}:${typeof address === "object" ? address?.port : 0}`;
    const accepted = vi.fn();
    server.on("connection", accepted);
    const sockets = await Promise.all([0, 1, 2].map(() => connectTo(origin)));
    await vi.waitFor(() => expect(accepted).toHaveBeenCalledTimes(3));
    const alive = "GET /health/alive HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    const answers = await Promise.all(
      sockets.map((socket) => {
        socket.on("error", () => undefined).write(alive);
        return readUntil(socket);
      }),
    );
    const answered = answers.filter((answer) => answer.startsWith("HTTP/1.1 200")).length;
    expect(answered).toBe(own && trustedProxies.length === 0 ? 2 : 3);
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  }
});
