import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createBrowser } from "./support/browser.ts";
import { type ByteUpstream, startByteUpstream } from "./support/byte-upstream.ts";
import { createPerson, type Person, signUp } from "./support/people.ts";
import { rawRequest } from "./support/raw-http.ts";
import { createTestDatabase, type RunningGateway, startGateway } from "./support/start-gateway.ts";

let upstream: ByteUpstream;
let gateway: RunningGateway;
let person: Person;
let cookie: string;

beforeAll(async () => {
  upstream = await startByteUpstream();
  gateway = await startGateway({
    env: { DATABASE_URL: await createTestDatabase(), UPSTREAM_URL: upstream.url },
    limits: { idleConnection: 300, interval: 100 },
  });
  const browser = createBrowser(gateway.origin);
  person = createPerson();
  await signUp(browser, person);
  cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
});
afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});
beforeEach(() => void upstream.take());

/** A request of somebody signed in, on a line of its own each. */
const signedIn = (line: string, ...headers: string[]) =>
  `${[line, "Host: localhost", `Cookie: ${cookie}`, ...headers].join("\r\n")}\r\n\r\n`;
const SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: localhost\r\nRemote-User: mallory\r\n\r\n";
const chunked = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;

const requestLines = (text: string) => text.match(/^[A-Z]+ \S+ HTTP\/\d\.\d/gm) ?? [];
const statusesOf = (answer: string) => [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));

const problemOf = (answer: string) => JSON.parse(answer.slice(answer.lastIndexOf("\r\n\r\n") + 4)) as unknown;

const REFUSED: readonly (readonly [name: string, text: () => string])[] = [
  [
    "Content-Length and Transfer-Encoding",
    () => signedIn("POST / HTTP/1.1", "Content-Length: 4", "Transfer-Encoding: chunked"),
  ],
  [
    "Transfer-Encoding and Content-Length",
    () => signedIn("POST / HTTP/1.1", "Transfer-Encoding: chunked", "Content-Length: 6"),
  ],
  [
    "Content-Length 0 and Transfer-Encoding",
    () => signedIn("POST / HTTP/1.1", "Content-Length: 0", "Transfer-Encoding: chunked"),
  ],
  ["Transfer-Encoding: xchunked", () => signedIn("POST / HTTP/1.1", "Transfer-Encoding: xchunked")],
  ["Transfer-Encoding: chunked, identity", () => signedIn("POST / HTTP/1.1", "Transfer-Encoding: chunked, identity")],
  ["Transfer-Encoding: identity", () => signedIn("POST / HTTP/1.1", "Transfer-Encoding: identity")],
  [
    "two Transfer-Encodings, the last unknown",
    () => signedIn("POST / HTTP/1.1", "Transfer-Encoding: chunked", "Transfer-Encoding: cow"),
  ],
  ["Transfer-Encoding with a vertical tab", () => signedIn("POST / HTTP/1.1", "Transfer-Encoding: \x0bchunked")],
  ["Transfer-Encoding in quotes", () => signedIn("POST / HTTP/1.1", 'Transfer-Encoding: "chunked"')],
  [
    "Transfer-Encoding behind a space before the colon",
    () => signedIn("POST / HTTP/1.1", "Transfer-Encoding : chunked"),
  ],
  ["Transfer-Encoding folded", () => signedIn("POST / HTTP/1.1", "Transfer-Encoding:\r\n chunked")],
  ["Transfer-Encoding in HTTP/1.0", () => signedIn("POST / HTTP/1.0", "Transfer-Encoding: chunked")],
  ["two differing Content-Lengths", () => signedIn("POST / HTTP/1.1", "Content-Length: 0", "Content-Length: 5")],
  ["two equal Content-Lengths", () => signedIn("POST / HTTP/1.1", "Content-Length: 0", "Content-Length: 0")],
  ["a list of Content-Lengths", () => signedIn("POST / HTTP/1.1", "Content-Length: 0, 5")],
  ["a negative Content-Length", () => signedIn("POST / HTTP/1.1", "Content-Length: -1")],
  ["Content-Length with a plus", () => signedIn("POST / HTTP/1.1", "Content-Length: +5")],
  ["Content-Length in hexadecimal", () => signedIn("POST / HTTP/1.1", "Content-Length: 0x5")],
  ["an overflowing Content-Length", () => signedIn("POST / HTTP/1.1", "Content-Length: 18446744073709551621")],
  ["an empty Content-Length", () => signedIn("POST / HTTP/1.1", "Content-Length: ")],
  ["a folded header", () => signedIn("GET / HTTP/1.1", "X-A: b\r\n Remote-User: mallory")],
  ["a bare line feed between headers", () => signedIn("GET / HTTP/1.1", "X-A: b\nRemote-User: mallory")],
  ["a bare carriage return in a header", () => signedIn("GET / HTTP/1.1", "X-A: b\rRemote-User: mallory")],
  ["a null byte in a header", () => signedIn("GET / HTTP/1.1", "X-A: b\0c")],
  ["a null byte in a header's name", () => signedIn("GET / HTTP/1.1", "X-A\0: b")],
  ["a space before the colon", () => signedIn("GET / HTTP/1.1", "Remote-User : mallory")],
  ["a header without a name", () => signedIn("GET / HTTP/1.1", ": mallory")],
  ["a header without a colon", () => signedIn("GET / HTTP/1.1", "Remote-User mallory")],
  ["two Hosts", () => signedIn("GET / HTTP/1.1", "Host: evil.example")],
  ["two equal Hosts", () => signedIn("GET / HTTP/1.1", "host: localhost")],
  ["no Host", () => signedIn("GET / HTTP/1.1").replace("Host: localhost\r\n", "")],
  ["another address in the target than in Host", () => signedIn("GET http://evil.example/ HTTP/1.1")],
  ["user and password in the target", () => signedIn("GET http://localhost@evil.example/ HTTP/1.1")],
  ["a target without a slash", () => signedIn("GET smuggled HTTP/1.1")],
  ["CONNECT", () => signedIn("CONNECT evil.example:443 HTTP/1.1")],
  ["an unknown method", () => signedIn("SMUGGLE / HTTP/1.1")],
  ["HTTP/2.0", () => signedIn("GET / HTTP/2.0")],
  ["HTTP/1.2", () => signedIn("GET / HTTP/1.2")],
  ["an HTTP/2 preface", () => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
  ["a TLS hello", () => "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"],
  ["a space in the target", () => signedIn("GET /a b HTTP/1.1")],
  ["a chunk size below zero", () => `${signedIn("POST / HTTP/1.1", "Transfer-Encoding: chunked")}-1\r\n`],
  [
    "a chunk size that is no number",
    () => `${signedIn("POST / HTTP/1.1", "Transfer-Encoding: chunked")}0x5\r\nabcde\r\n`,
  ],
  [
    "an overflowing chunk size",
    () => `${signedIn("POST / HTTP/1.1", "Transfer-Encoding: chunked")}10000000000000005\r\nabcde\r\n`,
  ],
  ["a chunk longer than it says", () => `${signedIn("POST / HTTP/1.1", "Transfer-Encoding: chunked")}5\r\nabcdefg\r\n`],
  [
    "a chunk size ended by a bare line feed",
    () => `${signedIn("POST / HTTP/1.1", "Transfer-Encoding: chunked")}5\nabcde\r\n`,
  ],
  [
    "a chunk ended by a bare line feed",
    () => `${signedIn("POST / HTTP/1.1", "Transfer-Encoding: chunked")}5\r\nabcde\n`,
  ],
  [
    "a chunk extension with a bare line feed",
    () => `${signedIn("POST / HTTP/1.1", "Transfer-Encoding: chunked")}5;a\nb\r\nabcde\r\n`,
  ],
  [
    "a chunk extension with a carriage return",
    () => `${signedIn("POST / HTTP/1.1", "Transfer-Encoding: chunked")}5;a\rb\r\nabcde\r\n`,
  ],
];

describe("what two servers could read differently is refused", () => {
  test.each(REFUSED)("%s", async (_name, text) => {
    const answer = await rawRequest(gateway.origin, `${text()}${SMUGGLED}`);
    expect(statusesOf(answer)).toEqual([400]);
    expect(answer).toMatch(/^connection: close\r$/im);
    expect(answer).toMatch(/^content-type: application\/problem\+json/im);
    expect(problemOf(answer)).toMatchObject({
      code: "invalid_request",
      request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    const sent = upstream.take();
    expect(requestLines(sent).filter((line) => !line.startsWith("POST / "))).toEqual([]);
    expect(sent).not.toMatch(/smuggled|mallory/);
  });

  test("long chunk extensions", async () => {
    const text = `${signedIn("POST / HTTP/1.1", "Transfer-Encoding: chunked")}5;${"a".repeat(20_000)}\r\nabcde\r\n0\r\n\r\n`;
    expect(statusesOf(await rawRequest(gateway.origin, text))).toEqual([413]);
  });

  test("more headers than anyone needs, and more bytes of them", async () => {
    const many = Array.from({ length: 101 }, (_, one) => `X-${one}: a`);
    for (const headers of [many, [`X-A: ${"a".repeat(17_000)}`]]) {
      const answer = await rawRequest(gateway.origin, signedIn("GET / HTTP/1.1", ...headers));
      expect(statusesOf(answer)).toEqual([431]);
      expect(problemOf(answer)).toMatchObject({ code: "headers_too_large" });
    }
    expect(upstream.take()).toBe("");
  });
});

describe("what is passed on is one request, with the gateway's own words about who and how long", () => {
  const forwarded = async (text: string) => {
    const answer = await rawRequest(gateway.origin, text);
    return { answer, sent: upstream.take() };
  };

  test.each([
    ["in its body", () => signedIn("POST / HTTP/1.1", `Content-Length: ${SMUGGLED.length}`) + SMUGGLED],
    ["in its chunks", () => signedIn("POST / HTTP/1.1", "Transfer-Encoding: chunked") + chunked(SMUGGLED)],
    [
      "in chunks, by another case",
      () => signedIn("POST / HTTP/1.1", "tRANSFER-eNCODING:\tCHUNKED") + chunked(SMUGGLED),
    ],
    ["in the body of a GET", () => signedIn("GET / HTTP/1.1", `Content-Length: ${SMUGGLED.length}`) + SMUGGLED],
  ])("a second request %s stays a body", async (_name, text) => {
    const { answer, sent } = await forwarded(text());
    expect(statusesOf(answer)).toEqual([200]);
    const head = sent.slice(0, sent.indexOf("\r\n\r\n"));
    expect(requestLines(head)).toHaveLength(1);
    expect(head).not.toContain("mallory");
    const framing = head.match(/^(content-length|transfer-encoding): .*/gim);
    expect(framing).toHaveLength(1);
  });

  test("trailers are no headers", async () => {
    const text = `${signedIn("POST / HTTP/1.1", "Transfer-Encoding: chunked", "Trailer: Remote-User")}0\r\nRemote-User: mallory\r\n\r\n`;
    const { sent } = await forwarded(text);
    expect(requestLines(sent)).toHaveLength(1);
    expect(sent).not.toContain("mallory");
  });

  test.each([
    ["Remote-User: mallory"],
    ["remote_user: mallory"],
    ["REMOTE.USER: mallory"],
    ["X-Identity-Token: mallory"],
    ["X_Identity_Token: mallory"],
    ["X-Auth-Request-User: mallory"],
    ["X-Forwarded-User: mallory"],
    ["X-Forwarded-Host: mallory"],
    ["X-Original-URL: /mallory"],
    ["X-Rewrite-URL: /mallory"],
    ["Forwarded: for=mallory"],
    ["Remote-User: a\r\nRemote-User: mallory"],
    ["Connection: close, remote-user\r\nRemote-User: mallory"],
  ])("%j does not reach the upstream", async (header) => {
    const { sent } = await forwarded(signedIn("GET / HTTP/1.1", header));
    expect(requestLines(sent)).toHaveLength(1);
    expect(sent).not.toContain("mallory");
    expect(sent).toMatch(new RegExp(`^Remote-Email: ${person.email}\r$`, "im"));
  });

  test("naming the gateway's own headers in Connection does not take them away", async () => {
    const named =
      "Connection: close, remote-user, remote-email, x-identity-token, x-forwarded-for, host, cookie, content-length";
    const { sent } = await forwarded(`${signedIn("POST / HTTP/1.1", named, "Content-Length: 3")}abc`);
    for (const header of [
      "Remote-User",
      "Remote-Email",
      "X-Identity-Token",
      "X-Forwarded-For",
      "Host",
      "Content-Length",
    ]) {
      expect(sent).toMatch(new RegExp(`^${header}: .+\r$`, "im"));
    }
    expect(sent).not.toContain("ory_kratos_session");
  });

  test.each([
    ["h2c", ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__"]],
    ["TLS", ["Connection: Upgrade", "Upgrade: TLS/1.2"]],
    ["a list with websocket in it", ["Connection: Upgrade", "Upgrade: h2c, websocket"]],
  ])("an upgrade to %s is an ordinary request", async (_name, headers) => {
    const { answer, sent } = await forwarded(signedIn("GET / HTTP/1.1", ...headers) + SMUGGLED);
    expect(statusesOf(answer)[0]).toBe(200);
    expect(sent).not.toMatch(/upgrade|http2-settings|mallory/i);
    expect(requestLines(sent)).toEqual(["GET / HTTP/1.1"]);
  });

  test("a WebSocket's handshake with a body or a second Host is refused", async () => {
    const upgrade = [
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ];
    const answer = await rawRequest(
      gateway.origin,
      signedIn("GET / HTTP/1.1", ...upgrade, "Host: evil.example") + SMUGGLED,
    );
    expect(statusesOf(answer)).toEqual([400]);
    expect(upstream.take()).toBe("");
  });
});

test("TRACE, which would show the identity headers", async () => {
  expect(statusesOf(await rawRequest(gateway.origin, signedIn("TRACE / HTTP/1.1")))).toEqual([400]);
  expect(upstream.take()).toBe("");
});

describe("several requests of a connection", () => {
  test("are each decided for themselves", async () => {
    const stranger = "GET /stranger HTTP/1.1\r\nHost: localhost\r\n\r\n";
    const answer = await rawRequest(gateway.origin, signedIn("GET /first HTTP/1.1") + stranger);
    expect(statusesOf(answer)).toEqual([200, 401]);
    expect(requestLines(upstream.take())).toEqual(["GET /first HTTP/1.1"]);
  });

  test("end with the first that is refused as unreadable", async () => {
    const answer = await rawRequest(
      gateway.origin,
      `GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n${signedIn("GET /smuggled HTTP/1.1")}`,
    );
    expect(statusesOf(answer)).toEqual([400]);
    expect(upstream.take()).toBe("");
  });

  test("a broken one does not end up in the answer before it", async () => {
    const answer = await rawRequest(
      gateway.origin,
      `${signedIn("GET /first HTTP/1.1")}GET / HTTP/1.1\r\nbroken\r\n\r\n`,
    );
    expect(statusesOf(answer).length).toBeLessThanOrEqual(1);
    expect(requestLines(upstream.take()).filter((line) => line !== "GET /first HTTP/1.1")).toEqual([]);
  });
});
