import type { Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Front, serveHttpProxy } from "../../test/support/http-proxy-front.ts";
import { rawRequest } from "../../test/support/raw-http.ts";
import { type RawUpstream, startRawUpstream } from "../../test/support/raw-upstream.ts";

/** The bytes the upstream says next; null: it hangs up without a word. */
let says: string | null = null;
/** Whether it hangs up afterwards. */
let ends = false;
let upstream: RawUpstream;
let front: Front;

function answer(socket: Socket): void {
  if (says !== null) socket.write(says, "latin1");
  if (ends || says === null) socket.end();
}

beforeAll(async () => {
  upstream = await startRawUpstream(answer);
  front = await serveHttpProxy(upstream.url);
});

afterAll(async () => {
  await front.stop();
  upstream.stop();
});

const OK = "HTTP/1.1 200 OK\r\n";
const TWO = "Content-Length: 2\r\n\r\nok";

async function ask(text: string | null, { method = "GET", end = false, version = "1.1", headers = "" } = {}) {
  says = text;
  ends = end;
  const raw = await rawRequest(
    front.origin,
    `${method} /x HTTP/${version}\r\nHost: x\r\nConnection: close\r\n${headers}\r\n`,
  );
  const split = raw.indexOf("\r\n\r\n");
  return { raw, head: raw.slice(0, split + 2), body: raw.slice(split + 4) };
}

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
    const got = await ask(text);
    expect(got.raw).toMatch(/^HTTP\/1.1 200 OK\r\n/);
    expect(got.raw).not.toMatch(/Link:|X-Sum|Trailer|HTTP\/1.1 1/i);
    expect(got.body).toBe(body);
  });

  it.each(["HTTP/1.1 200 OK\r\n", "HTTP/1.0 200 OK\r\n"])("that end with the connection (%j)", async (line) => {
    const text = `${line}Content-Type: text/plain\r\n\r\nok`;
    expect((await ask(text, { end: true })).body).toBe("2\r\nok\r\n0\r\n\r\n");
    const old = await ask(text, { end: true, version: "1.0" });
    expect(old.head).not.toMatch(/transfer-encoding/i);
    expect(old.body).toBe("ok");
  });

  it.each([
    ["HEAD", "HEAD", `${OK}Content-Length: 99\r\n\r\n`, "Content-Length: 99"],
    ["204", "GET", "HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n", "X-A: 1"],
    ["204 with bytes that are none of it", "GET", "HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\nsmuggled", "X-A: 1"],
    ["304", "GET", 'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nContent-Length: 99\r\n\r\n', 'ETag: "a"'],
  ])("without a body: %s", async (_name, method, text, header) => {
    const { head, body } = await ask(text, { method });
    expect(head).toContain(`${header}\r\n`);
    expect(head).not.toMatch(/transfer-encoding/i);
    expect(body).toBe("");
  });

  it("come in the order they were asked for where the client pipelines", async () => {
    says = `${OK}${TWO}`;
    ends = false;
    const before = upstream.heads.length;
    const request = (path: string, last: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n${last}\r\n`;
    const raw = await rawRequest(
      front.origin,
      request("/1", "") + request("/2", "") + request("/3", "Connection: close\r\n"),
    );
    expect(raw.match(/HTTP\/1.1 200/g)).toHaveLength(3);
    expect(upstream.heads.slice(before).map((head) => head.split(" ")[1])).toEqual(["/1", "/2", "/3"]);
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
    const { raw, head, body } = await ask(text, { end: true });
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
    const { raw } = await ask(text, { end: true });
    expect(raw).toMatch(/^HTTP\/1.1 502 .*"code":"upstream_unavailable"/s);
    expect(raw.match(/HTTP\/1.1/g)).toHaveLength(1);
  });
});

/** The header lines of an answer the upstream gave with these. */
async function headersOf(...lines: string[]): Promise<string[]> {
  const { head } = await ask(`${OK}${lines.map((line) => `${line}\r\n`).join("")}${TWO}`);
  return head.split("\r\n").filter((line) => line !== "");
}

describe("an upstream's headers", () => {
  it.each([
    "Date: Thu, 01 Jan 1970 00:00:00 GMT",
    "Server: its-own/1.0",
    "Location: http://internal.example:3000/a%2fb?c=d#e",
    "Service-Worker-Allowed: /",
    "Content-Security-Policy: default-src 'none'",
    "Strict-Transport-Security: max-age=1",
    "Cache-Control: public, max-age=60",
    "Vary: Accept",
    'Clear-Site-Data: "cache"',
    "Set-Cookie: app=1; Domain=example.com; Path=/; Secure; HttpOnly",
    "Set-Cookie: __Host-app=1; Path=/; Secure",
    "Set-Cookie: csrf_token_short=1",
    "X-Empty: ",
    "X-Octets: \xe9\xff",
  ])("pass as they are, once: %s", async (line) => {
    const got = await headersOf(line);
    expect(got).toContain(line);
    const name = line.slice(0, line.indexOf(":") + 1).toLowerCase();
    expect(got.filter((other) => other.toLowerCase().startsWith(name))).toEqual([line]);
  });

  it("stay apart where there are several of a name", async () => {
    const lines = [
      "Set-Cookie: a=1",
      "Set-Cookie: b=2; Expires=Thu, 01 Jan 2099 00:00:00 GMT",
      "Link: </a>",
      "Link: </b>",
    ];
    expect((await headersOf(...lines)).filter((line) => lines.includes(line))).toEqual(lines);
  });

  it.each([
    "Set-Cookie: passbridge_session=x",
    "Set-Cookie: PASSBRIDGE_session=x",
    "Set-Cookie: __Host-passbridge_session=x; Path=/; Secure",
    "Set-Cookie: __Secure-passbridge_known=x",
    "set-cookie:  \t passbridge_session =x",
    "Set-Cookie: passbridge_session",
    "Set-Cookie: =passbridge_session=x",
    "Set-Cookie: == passbridge_session=x; Domain=example.com",
    "Set-Cookie: passbridge_session=; Max-Age=0",
    "Set-Cookie: ory_kratos_session=x",
    "Set-Cookie: =ory_kratos_continuity=x",
    `Set-Cookie: csrf_token_${"ab".repeat(32)}=x`,
    'Clear-Site-Data: "cookies"',
    'Clear-Site-Data: "*"',
    "Clear-Site-Data: *",
    'clear-site-data: "COOKIES"',
    "Keep-Alive: timeout=99",
    "Proxy-Authenticate: Basic",
    "Proxy-Connection: keep-alive",
    "Upgrade: h2c",
    "X-Request-Id: theirs",
  ])("end here: %s", async (line) => {
    const name = line.slice(0, line.indexOf(":")).toLowerCase();
    const kept = (await headersOf(line, "X-Other: 1")).filter((other) => other.toLowerCase().startsWith(`${name}:`));
    expect(kept).toEqual(name === "x-request-id" ? ["x-request-id: request-1"] : []);
  });

  it("end here where Connection names them, and what is left of Clear-Site-Data passes", async () => {
    const got = await headersOf(
      "Connection: X-Hop, x-other",
      "X-Hop: 1",
      "X-OTHER: 2",
      'Clear-Site-Data: "cache", "cookies","storage"',
    );
    expect(got.join("\n")).not.toMatch(/x-hop|x-other/i);
    expect(got).toContain('Clear-Site-Data: "cache", "storage"');
  });
});

describe("a client's headers", () => {
  it("that Connection names, or that are for one hop, are not sent on; what the gateway says cannot be named away", async () => {
    await ask(`${OK}${TWO}`, {
      headers:
        "Connection: x-hop, remote-user, host\r\nX-Hop: 1\r\nTE: trailers\r\nKeep-Alive: 1\r\nProxy-Connection: a\r\nProxy-Authorization: b\r\nUpgrade: h2c\r\nHTTP2-Settings: c\r\nX-Stays: 1\r\n",
    });
    const head = upstream.heads.at(-1) ?? "";
    expect(head).not.toMatch(/^(x-hop|te|proxy-|upgrade|http2|keep-alive: 1)/im);
    expect(head).toMatch(/^X-Stays: 1$/m);
    expect(head).toMatch(/^Host: app.example.com$/m);
    expect(head).toMatch(/^Remote-User: /m);
  });
});
