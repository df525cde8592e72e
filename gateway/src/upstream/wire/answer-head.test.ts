import { describe, expect, it } from "vitest";
import { readAnswerHead } from "./answer-head.ts";

const read = (...lines: string[]) => readAnswerHead(["HTTP/1.1 200 OK", ...lines].join("\r\n"));

describe("an answer's head", () => {
  it("has its headers as they came, without the white space around values", () => {
    expect(read("X-a:1", "x-A: \t 2 3\t ", "X-Empty:", "X-Octets: \xa0\xff\xa0").rawHeaders).toEqual([
      "X-a",
      "1",
      "x-A",
      "2 3",
      "X-Empty",
      "",
      "X-Octets",
      "\xa0\xff\xa0",
    ]);
  });

  it.each(["HTTP/1.1 204", "HTTP/1.1 204 ", "HTTP/1.0 204 No Content, \xe9"])("may begin with %j", (line) => {
    expect(readAnswerHead(line)).toMatchObject({ status: 204, rawHeaders: [] });
  });

  it.each([
    ["", "HTTP/1.1"],
    ["", "HTTP/1.1 20 OK"],
    ["", "HTTP/1.1 2000 OK"],
    ["", "HTTP/2.0 200 OK"],
    ["", "http/1.1 200 OK"],
    ["", " HTTP/1.1 200 OK"],
    ["", "\r\nHTTP/1.1 200 OK"],
    ["", "HTTP/1.1 200 O\0K"],
    ["a folded line", "HTTP/1.1 200 OK\r\nX-A: 1\r\n 2"],
    ["a bare line feed", "HTTP/1.1 200 OK\r\nX-A: 1\nX-B: 2"],
    ["a bare carriage return", "HTTP/1.1 200 OK\r\nX-A: 1\rX-B: 2"],
    ["a space before the colon", "HTTP/1.1 200 OK\r\nX-A : 1"],
    ["no colon", "HTTP/1.1 200 OK\r\nX-A"],
    ["no name", "HTTP/1.1 200 OK\r\n: 1"],
    ["a null", "HTTP/1.1 200 OK\r\nX-A: \0"],
    ["a delete", "HTTP/1.1 200 OK\r\nX-A: \x7f"],
  ])("is none: %s %j", (_name, text) => {
    expect(() => readAnswerHead(text)).toThrow();
  });

  it.each([
    ["until-close", []],
    [0, ["Content-Length: 0"]],
    [12, ["CONTENT-length: 12"]],
    ["chunked", ["transfer-encoding: Chunked"]],
  ] as const)("frames its body: %j by %j", (framing, lines) => {
    expect(read(...lines).framing).toBe(framing);
  });

  it.each([
    [["Content-Length: 1", "Content-Length: 1"]],
    [["Content-Length: 1, 1"]],
    [["Content-Length: +1"]],
    [["Content-Length: 0x1"]],
    [["Content-Length:"]],
    [["Content-Length: 9999999999999999"]],
    [["Content-Length: 1", "Transfer-Encoding: chunked"]],
    [["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"]],
    [["Transfer-Encoding: gzip, chunked"]],
    [["Transfer-Encoding: identity"]],
    [["Transfer-Encoding: xchunked"]],
  ])("is refused where two could read it differently: %j", (lines) => {
    expect(() => read(...lines)).toThrow();
  });

  it.each([
    [Number.POSITIVE_INFINITY, "HTTP/1.1 200 OK", []],
    [Number.POSITIVE_INFINITY, "HTTP/1.1 200 OK", ["Connection: X-Closed, keep-alive"]],
    [0, "HTTP/1.1 200 OK", ["Connection: close"]],
    [0, "HTTP/1.1 200 OK", ["Connection: x", "connection: CLOSE ,y"]],
    [4_000, "HTTP/1.1 200 OK", ["Keep-Alive: timeout=5, max=100"]],
    [0, "HTTP/1.1 200 OK", ["Keep-Alive: timeout=1"]],
    [0, "HTTP/1.0 200 OK", []],
    [Number.POSITIVE_INFINITY, "HTTP/1.0 200 OK", ["Connection: Keep-Alive"]],
  ])("says how long its connection may be kept: %d by %j %j", (keepFor, line, lines) => {
    expect(readAnswerHead([line, ...lines].join("\r\n")).keepFor).toBe(keepFor);
  });
});
