import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rawRequest } from "../../test/support/raw-http.ts";
import { startWireFront, type WireFront } from "../../test/support/wire-front.ts";

let wire: WireFront;

beforeAll(async () => {
  wire = await startWireFront();
});

afterAll(() => wire.stop());

const OK = "HTTP/1.1 200 OK\r\n";
const TWO = "Content-Length: 2\r\n\r\nok";

describe("whole answers", () => {
  it.each([
    ["after 103 Early Hints", `HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n${OK}${TWO}`, "ok"],
    ["after a 100 nobody asked for", `HTTP/1.1 100 Continue\r\n\r\n${OK}${TWO}`, "ok"],
    ["after 102 twice", `HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n${OK}${TWO}`, "ok"],
    ["with a length", `${OK}${TWO}`, "ok"],
    ["without any body", `${OK}Content-Length: 0\r\n\r\n`, ""],
    [
      "in chunks",
      `${OK}Transfer-Encoding: chunked\r\n\r\n1\r\no\r\n1;ext=1\r\nk\r\n0\r\n\r\n`,
      "1\r\no\r\n1\r\nk\r\n0\r\n\r\n",
    ],
    [
      "in chunks with trailers, which end here",
      `${OK}Trailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n`,
      "2\r\nok\r\n0\r\n\r\n",
    ],
  ])("%s", async (_name, text, body) => {
    const got = await wire.ask(text);
    expect(got.raw).toMatch(/^HTTP\/1.1 200 OK\r\n/);
    expect(got.raw).not.toMatch(/Link:|X-Sum|Trailer|HTTP\/1.1 1/i);
    expect(got.body).toBe(body);
  });

  it.each(["HTTP/1.1 200 OK\r\n", "HTTP/1.0 200 OK\r\n"])("that end with the connection (%j)", async (line) => {
    const text = `${line}Content-Type: text/plain\r\n\r\nok`;
    expect((await wire.ask(text, { end: true })).body).toBe("2\r\nok\r\n0\r\n\r\n");
    const old = await wire.ask(text, { end: true, version: "1.0" });
    expect(old.head).not.toMatch(/transfer-encoding/i);
    expect(old.body).toBe("ok");
  });

  it.each([
    ["HEAD", "HEAD", `${OK}Content-Length: 99\r\n\r\n`, "Content-Length: 99"],
    ["204", "GET", "HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n", "X-A: 1"],
    ["204 with bytes that are none of it", "GET", "HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\nsmuggled", "X-A: 1"],
    ["304", "GET", 'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nContent-Length: 99\r\n\r\n', 'ETag: "a"'],
  ])("without a body: %s", async (_name, method, text, header) => {
    const { head, body } = await wire.ask(text, { method });
    expect(head).toContain(`${header}\r\n`);
    expect(head).not.toMatch(/transfer-encoding/i);
    expect(body).toBe("");
  });

  it("come in the order they were asked for where the client pipelines", async () => {
    wire.says(`${OK}${TWO}`);
    const before = wire.heads.length;
    const request = (path: string, last: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n${last}\r\n`;
    const raw = await rawRequest(
      wire.front.origin,
      request("/1", "") + request("/2", "") + request("/3", "Connection: close\r\n"),
    );
    expect(raw.match(/HTTP\/1.1 200/g)).toHaveLength(3);
    expect(wire.heads.slice(before).map((head) => head.split(" ")[1])).toEqual(["/1", "/2", "/3"]);
  });
});

describe("broken answers are seen to be broken", () => {
  it.each([
    ["shorter than its length", `${OK}Content-Length: 100\r\n\r\npart`],
    ["without its last chunk", `${OK}Transfer-Encoding: chunked\r\n\r\n4\r\npart\r\n`],
    ["in the midst of a chunk", `${OK}Transfer-Encoding: chunked\r\n\r\nff\r\npart`],
    ["with a chunk size that is none", `${OK}Transfer-Encoding: chunked\r\n\r\n4\r\npart\r\nzz\r\n`],
    ["with a chunk longer than it says", `${OK}Transfer-Encoding: chunked\r\n\r\n4\r\npartly\r\n0\r\n\r\n`],
  ])("%s", async (_name, text) => {
    const { raw, head, body } = await wire.ask(text, { end: true });
    expect(raw).toMatch(/^HTTP\/1.1 200 /);
    expect(body).toContain("part");
    if (/content-length/i.test(head)) expect(body.length).toBeLessThan(100);
    else expect(body).not.toMatch(/(^|\r\n)0\r\n/);
  });

  it.each([
    ["nothing at all", null],
    ["half a head", `${OK}Content-Le`],
    ["both framings", `${OK}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`],
    ["two lengths", `${OK}Content-Length: 2\r\nContent-Length: 3\r\n\r\nok`],
    ["a length that is none", `${OK}Content-Length: 2x\r\n\r\nok`],
    ["a null byte in a header", `${OK}X-A: a\0b\r\n${TWO}`],
    ["a header of no name", `${OK}: a\r\n${TWO}`],
    ["a 101 nobody asked for", "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"],
    ["a status below 100", `HTTP/1.1 099 Odd\r\n${TWO}`],
  ])("502 for %s", async (_name, text) => {
    const { raw } = await wire.ask(text, { end: true });
    expect(raw).toMatch(/^HTTP\/1.1 502 .*"code":"upstream_unavailable"/s);
    expect(raw.match(/HTTP\/1.1/g)).toHaveLength(1);
  });
});
