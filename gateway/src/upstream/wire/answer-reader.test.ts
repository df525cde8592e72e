import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createAnswerReader } from "./answer-reader.ts";

type Told = { status: number; body: string; kept: number | null };

/** What is read of an answer that comes in these pieces; the connection ends after them, or stays. */
function readIn(pieces: readonly Buffer[], { method = "GET", close = false } = {}): Told {
  const told: Told = { status: 0, body: "", kept: null };
  const reader = createAnswerReader(method, {
    head: ({ status }) => {
      told.status = status;
    },
    data: (bytes) => {
      told.body += bytes.toString("latin1");
    },
    end: (keepFor) => {
      expect(told.kept).toBeNull();
      told.kept = keepFor;
    },
  });
  expect(reader.isUntouched()).toBe(true);
  for (const piece of pieces) reader.take(Buffer.from(piece));
  expect(reader.isUntouched()).toBe(false);
  if (close) reader.close();
  return told;
}

const read = (text: string, options = {}) => readIn([Buffer.from(text, "latin1")], options);

const OK = "HTTP/1.1 200 OK\r\n";
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`;
const KEPT = Number.POSITIVE_INFINITY;

const WHOLE: [name: string, text: string, told: Told][] = [
  ["with a length", `${OK}Content-Length: 2\r\n\r\nok`, { status: 200, body: "ok", kept: KEPT }],
  ["without a body", `${OK}Content-Length: 0\r\n\r\n`, { status: 200, body: "", kept: KEPT }],
  [
    "in chunks",
    `${CHUNKED}1\r\no\r\n00a;x="y"\r\n0123456789\r\n0\r\n\r\n`,
    { status: 200, body: "o0123456789", kept: KEPT },
  ],
  ["with trailers", `${CHUNKED}1\r\no\r\n0\r\nX-A: 1\r\nX-B:\r\n\r\n`, { status: 200, body: "o", kept: KEPT }],
  [
    "after others",
    `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${OK}Content-Length: 1\r\n\r\no`,
    { status: 200, body: "o", kept: KEPT },
  ],
  ["without content", "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", { status: 304, body: "", kept: KEPT }],
];

describe("an answer is read", () => {
  it.each(WHOLE)("%s", (_name, text, told) => {
    expect(read(text)).toEqual(told);
  });

  it("the same in whatever pieces it comes", () => {
    fc.assert(
      fc.property(fc.constantFrom(...WHOLE), fc.array(fc.nat(200)), ([, text, told], cuts) => {
        const places = [0, ...cuts.map((cut) => cut % text.length).toSorted((a, b) => a - b), text.length];
        const pieces = places.slice(1).map((end, at) => Buffer.from(text.slice(places[at], end), "latin1"));
        expect(readIn(pieces.filter(({ length }) => length > 0))).toEqual(told);
      }),
    );
  });

  it("to the connection's end where nothing else ends it, and that is then not used again", () => {
    expect(read(`${OK}\r\nok`)).toEqual({ status: 200, body: "ok", kept: null });
    expect(read(`${OK}\r\nok`, { close: true })).toEqual({ status: 200, body: "ok", kept: 0 });
  });

  it("without a body for HEAD", () => {
    const told = { status: 200, body: "", kept: KEPT };
    expect(read(`${OK}Content-Length: 9\r\n\r\n`, { method: "HEAD" })).toEqual(told);
    expect(read(CHUNKED, { method: "HEAD" })).toEqual(told);
  });

  it.each([
    ["a length", `${OK}Content-Length: 2\r\n\r\nokHTTP/1.1 200 OK`, "ok"],
    ["the last chunk", `${CHUNKED}0\r\n\r\n0`, ""],
    ["an answer without content", "HTTP/1.1 204 No Content\r\n\r\nsmuggled", ""],
  ])("no further than %s; a connection with more is not used again", (_name, text, body) => {
    expect(read(text)).toMatchObject({ body, kept: 0 });
  });
});

describe("no answer is", () => {
  it.each([
    ["another protocol", "SSH-2.0-OpenSSH_9.2\r\n\r\n"],
    ["another protocol, known by its first bytes", "SSH-2.0-"],
    ["a switch nobody asked for", "HTTP/1.1 101 Switching Protocols\r\n\r\n"],
    ["a status below 100", "HTTP/1.1 099 Odd\r\n\r\n"],
    ["a head without end", `${OK}X-A: ${"x".repeat(70_000)}`],
    ["a head that is too large", `${OK}X-A: ${"x".repeat(70_000)}\r\n\r\n`],
    ["a chunk without a size", `${CHUNKED}\r\nok`],
    ["a chunk with a size that is none", `${CHUNKED}0x1\r\no\r\n`],
    ["a chunk with a size below 0", `${CHUNKED}-1\r\no\r\n`],
    ["a chunk with a huge size", `${CHUNKED}fffffffffffffff\r\no`],
    ["a chunk longer than it says", `${CHUNKED}1\r\nok\r\n`],
    ["a chunk that ends with a bare line feed", `${CHUNKED}1\r\no\n`],
    ["a size that ends with a bare line feed", `${CHUNKED}1\no\r\n`],
    ["a size line without end", `${CHUNKED}1;${"x".repeat(20_000)}`],
    ["a trailer that is none", `${CHUNKED}0\r\nX A: 1\r\n\r\n`],
    ["trailers without end", `${CHUNKED}0\r\n${"X-A: 1\r\n".repeat(4_000)}`],
  ])("%s", (_name, text) => {
    expect(() => read(text)).toThrow();
  });

  it.each([
    ["nothing but a part of the head", "HTTP/1.1 20"],
    ["less than its length", `${OK}Content-Length: 9\r\n\r\npart`],
    ["less than its chunk", `${CHUNKED}9\r\npart`],
    ["no last chunk", `${CHUNKED}4\r\npart\r\n`],
    ["no end of the trailers", `${CHUNKED}4\r\npart\r\n0\r\n`],
  ])("one that ends with %s", (_name, text) => {
    expect(() => read(text, { close: true })).toThrow();
  });
});
