import { describe, expect, test } from "vitest";
import { provideRawWorld, requestLines, SMUGGLED, statusesOf } from "./support/raw-world.ts";

const world = provideRawWorld();

const problemOf = (answer: string) => JSON.parse(answer.slice(answer.lastIndexOf("\r\n\r\n") + 4)) as unknown;

const REFUSED: readonly (readonly [name: string, text: () => string])[] = [
  [
    "Content-Length and Transfer-Encoding",
    () => world.signedIn("POST / HTTP/1.1", "Content-Length: 4", "Transfer-Encoding: chunked"),
  ],
  [
    "Transfer-Encoding and Content-Length",
    () => world.signedIn("POST / HTTP/1.1", "Transfer-Encoding: chunked", "Content-Length: 6"),
  ],
  [
    "Content-Length 0 and Transfer-Encoding",
    () => world.signedIn("POST / HTTP/1.1", "Content-Length: 0", "Transfer-Encoding: chunked"),
  ],
  ["Transfer-Encoding: xchunked", () => world.signedIn("POST / HTTP/1.1", "Transfer-Encoding: xchunked")],
  [
    "Transfer-Encoding: chunked, identity",
    () => world.signedIn("POST / HTTP/1.1", "Transfer-Encoding: chunked, identity"),
  ],
  ["Transfer-Encoding: identity", () => world.signedIn("POST / HTTP/1.1", "Transfer-Encoding: identity")],
  [
    "two Transfer-Encodings, the last unknown",
    () => world.signedIn("POST / HTTP/1.1", "Transfer-Encoding: chunked", "Transfer-Encoding: cow"),
  ],
  ["Transfer-Encoding with a vertical tab", () => world.signedIn("POST / HTTP/1.1", "Transfer-Encoding: \x0bchunked")],
  ["Transfer-Encoding in quotes", () => world.signedIn("POST / HTTP/1.1", 'Transfer-Encoding: "chunked"')],
  [
    "Transfer-Encoding behind a space before the colon",
    () => world.signedIn("POST / HTTP/1.1", "Transfer-Encoding : chunked"),
  ],
  ["Transfer-Encoding folded", () => world.signedIn("POST / HTTP/1.1", "Transfer-Encoding:\r\n chunked")],
  ["Transfer-Encoding in HTTP/1.0", () => world.signedIn("POST / HTTP/1.0", "Transfer-Encoding: chunked")],
  ["two differing Content-Lengths", () => world.signedIn("POST / HTTP/1.1", "Content-Length: 0", "Content-Length: 5")],
  ["two equal Content-Lengths", () => world.signedIn("POST / HTTP/1.1", "Content-Length: 0", "Content-Length: 0")],
  ["a list of Content-Lengths", () => world.signedIn("POST / HTTP/1.1", "Content-Length: 0, 5")],
  ["a negative Content-Length", () => world.signedIn("POST / HTTP/1.1", "Content-Length: -1")],
  ["Content-Length with a plus", () => world.signedIn("POST / HTTP/1.1", "Content-Length: +5")],
  ["Content-Length in hexadecimal", () => world.signedIn("POST / HTTP/1.1", "Content-Length: 0x5")],
  ["an overflowing Content-Length", () => world.signedIn("POST / HTTP/1.1", "Content-Length: 18446744073709551621")],
  ["an empty Content-Length", () => world.signedIn("POST / HTTP/1.1", "Content-Length: ")],
  ["a folded header", () => world.signedIn("GET / HTTP/1.1", "X-A: b\r\n Remote-User: mallory")],
  ["a bare line feed between headers", () => world.signedIn("GET / HTTP/1.1", "X-A: b\nRemote-User: mallory")],
  ["a bare carriage return in a header", () => world.signedIn("GET / HTTP/1.1", "X-A: b\rRemote-User: mallory")],
  ["a null byte in a header", () => world.signedIn("GET / HTTP/1.1", "X-A: b\0c")],
  ["a null byte in a header's name", () => world.signedIn("GET / HTTP/1.1", "X-A\0: b")],
  ["a space before the colon", () => world.signedIn("GET / HTTP/1.1", "Remote-User : mallory")],
  ["a header without a name", () => world.signedIn("GET / HTTP/1.1", ": mallory")],
  ["a header without a colon", () => world.signedIn("GET / HTTP/1.1", "Remote-User mallory")],
  ["two Hosts", () => world.signedIn("GET / HTTP/1.1", "Host: evil.example")],
  ["two equal Hosts", () => world.signedIn("GET / HTTP/1.1", "host: localhost")],
  ["no Host", () => world.signedIn("GET / HTTP/1.1").replace("Host: localhost\r\n", "")],
  ["another address in the target than in Host", () => world.signedIn("GET http://evil.example/ HTTP/1.1")],
  ["user and password in the target", () => world.signedIn("GET http://localhost@evil.example/ HTTP/1.1")],
  ["a target without a slash", () => world.signedIn("GET smuggled HTTP/1.1")],
  ["CONNECT", () => world.signedIn("CONNECT evil.example:443 HTTP/1.1")],
  ["an unknown method", () => world.signedIn("SMUGGLE / HTTP/1.1")],
  ["HTTP/2.0", () => world.signedIn("GET / HTTP/2.0")],
  ["HTTP/1.2", () => world.signedIn("GET / HTTP/1.2")],
  ["an HTTP/2 preface", () => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
  ["a TLS hello", () => "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"],
  ["a space in the target", () => world.signedIn("GET /a b HTTP/1.1")],
  ["a chunk size below zero", () => `${world.signedIn("POST / HTTP/1.1", "Transfer-Encoding: chunked")}-1\r\n`],
  [
    "a chunk size that is no number",
    () => `${world.signedIn("POST / HTTP/1.1", "Transfer-Encoding: chunked")}0x5\r\nabcde\r\n`,
  ],
  [
    "an overflowing chunk size",
    () => `${world.signedIn("POST / HTTP/1.1", "Transfer-Encoding: chunked")}10000000000000005\r\nabcde\r\n`,
  ],
  [
    "a chunk longer than it says",
    () => `${world.signedIn("POST / HTTP/1.1", "Transfer-Encoding: chunked")}5\r\nabcdefg\r\n`,
  ],
  [
    "a chunk size ended by a bare line feed",
    () => `${world.signedIn("POST / HTTP/1.1", "Transfer-Encoding: chunked")}5\nabcde\r\n`,
  ],
  [
    "a chunk ended by a bare line feed",
    () => `${world.signedIn("POST / HTTP/1.1", "Transfer-Encoding: chunked")}5\r\nabcde\n`,
  ],
  [
    "a chunk extension with a bare line feed",
    () => `${world.signedIn("POST / HTTP/1.1", "Transfer-Encoding: chunked")}5;a\nb\r\nabcde\r\n`,
  ],
  [
    "a chunk extension with a carriage return",
    () => `${world.signedIn("POST / HTTP/1.1", "Transfer-Encoding: chunked")}5;a\rb\r\nabcde\r\n`,
  ],
];

describe("what two servers could read differently is refused", () => {
  test.each(REFUSED)("%s", async (_name, text) => {
    const answer = await world.ask(`${text()}${SMUGGLED}`);
    expect(statusesOf(answer)).toEqual([400]);
    expect(answer).toMatch(/^connection: close\r$/im);
    expect(answer).toMatch(/^content-type: application\/problem\+json/im);
    expect(problemOf(answer)).toMatchObject({
      code: "invalid_request",
      request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    const sent = world.upstream.take();
    expect(requestLines(sent).filter((line) => !line.startsWith("POST / "))).toEqual([]);
    expect(sent).not.toMatch(/smuggled|mallory/);
  });

  test("long chunk extensions", async () => {
    const text = `${world.signedIn("POST / HTTP/1.1", "Transfer-Encoding: chunked")}5;${"a".repeat(20_000)}\r\nabcde\r\n0\r\n\r\n`;
    expect(statusesOf(await world.ask(text))).toEqual([413]);
  });

  test("more headers than anyone needs, and more bytes of them", async () => {
    const many = Array.from({ length: 101 }, (_, one) => `X-${one}: a`);
    for (const headers of [many, [`X-A: ${"a".repeat(17_000)}`]]) {
      const answer = await world.ask(world.signedIn("GET / HTTP/1.1", ...headers));
      expect(statusesOf(answer)).toEqual([431]);
      expect(problemOf(answer)).toMatchObject({ code: "headers_too_large" });
    }
    expect(world.upstream.take()).toBe("");
  });
});

test("TRACE, which would show the identity headers", async () => {
  expect(statusesOf(await world.ask(world.signedIn("TRACE / HTTP/1.1")))).toEqual([400]);
  expect(world.upstream.take()).toBe("");
});

describe("several requests of a connection", () => {
  test("are each decided for themselves", async () => {
    const stranger = "GET /stranger HTTP/1.1\r\nHost: localhost\r\n\r\n";
    const answer = await world.ask(world.signedIn("GET /first HTTP/1.1") + stranger);
    expect(statusesOf(answer)).toEqual([200, 401]);
    expect(requestLines(world.upstream.take())).toEqual(["GET /first HTTP/1.1"]);
  });

  test("end with the first that is refused as unreadable", async () => {
    const answer = await world.ask(
      `GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n${world.signedIn("GET /smuggled HTTP/1.1")}`,
    );
    expect(statusesOf(answer)).toEqual([400]);
    expect(world.upstream.take()).toBe("");
  });

  test("a broken one does not end up in the answer before it", async () => {
    const answer = await world.ask(`${world.signedIn("GET /first HTTP/1.1")}GET / HTTP/1.1\r\nbroken\r\n\r\n`);
    expect(statusesOf(answer).length).toBeLessThanOrEqual(1);
    expect(requestLines(world.upstream.take()).filter((line) => line !== "GET /first HTTP/1.1")).toEqual([]);
  });
});
