import type { Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { type Front, serveHttpProxy } from "../../test/support/http-proxy-front.ts";
import { type NastyUpstream, startNastyUpstream } from "../../test/support/nasty-upstream.ts";
import { rawRequest } from "../../test/support/raw-http.ts";
import { type RawUpstream, startRawUpstream } from "../../test/support/raw-upstream.ts";
import { type Exchange, exchangeWithUpstream } from "./exchange.ts";
import { createPool, createUpstreamTarget } from "./upstream-target.ts";
import { createUpstreamTargets } from "./upstream-targets.ts";

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const open: { stop: () => unknown }[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) await one.stop();
});

function opened<T extends { stop: () => unknown }>(one: T): T {
  open.push(one);
  return one;
}

const raw = async (answer: (socket: Socket, count: number) => void): Promise<RawUpstream> =>
  opened(await startRawUpstream((socket, _head, count) => answer(socket, count)));
const frontOf = async (url: URL): Promise<Front> => opened(await serveHttpProxy(url));

const statusOf = async (front: Front, method: string, headers = "", body = "") => {
  const head = `${method} /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n`;
  return Number((await rawRequest(front.origin, head + body)).slice(9, 12));
};

describe("connections to an upstream", () => {
  it("are used again, whoever asks", async () => {
    const upstream = await raw((socket) => socket.write(OK));
    const front = await frontOf(upstream.url);
    for (const method of ["GET", "POST", "DELETE", "GET"]) expect(await statusOf(front, method)).toBe(200);
    expect([upstream.heads.length, upstream.connections()]).toEqual([4, 1]);
  });

  it("are shared by all paths of an address, and by no other address", async () => {
    const [one, two] = [await raw((socket) => socket.write(OK)), await raw((socket) => socket.write(OK))];
    const targets = createUpstreamTargets();
    opened({ stop: targets.close });
    for (const url of [one.url, new URL("/base", one.url), two.url, one.url]) {
      const target = targets.at(url);
      const answer = await exchangeWithUpstream(exchangeOf({ target, timeout: 5_000 }));
      answer?.discard();
    }
    expect([one.connections(), two.connections()]).toEqual([1, 1]);
    expect(one.heads.map((head) => head.split(" ")[1])).toEqual(["/x", "/base/x", "/x"]);
  });

  it("are as many as there may be; a request that waits for one is given up when its time is over", async () => {
    const upstream: NastyUpstream = opened(await startNastyUpstream());
    const pool = createPool(upstream.url, 5_000, 1);
    opened({ stop: pool.close });
    const target = createUpstreamTarget(upstream.url, { pool });
    const ask = (path: string, timeout: number) => exchangeWithUpstream(exchangeOf({ target, timeout }, path));
    const [first, second] = [ask("/never", 600), ask("/echo", 200)];
    await expect(second).rejects.toMatchObject({ code: "upstream_timeout" });
    expect(upstream.count()).toBe(1);
    const third = ask("/echo", 5_000);
    await expect(first).rejects.toMatchObject({ code: "upstream_timeout" });
    const answer = await third;
    answer?.discard();
    expect(answer?.status).toBe(200);
    expect(upstream.count()).toBe(2);
  });
});

type Question = Pick<Exchange, "target" | "timeout">;

function exchangeOf({ target, timeout }: Question, path = "/x"): Exchange {
  const send = { method: "GET", path: target.pathOf(path), headers: ["Host", "x"] };
  return { target, send, body: null, timeout, idleTimeout: timeout, response: null };
}

/** An upstream that answers the first request of every connection, and ends each connection at its second. */
const fickle = (end: (socket: Socket) => void) =>
  raw((socket, count) => (count === 1 ? socket.write(OK) : end(socket)));

const ENDINGS: [name: string, end: (socket: Socket) => void][] = [
  ["reset", (socket) => socket.resetAndDestroy()],
  ["closed", (socket) => socket.end()],
];

describe.each(ENDINGS)("where a kept connection is %s under the second request", (_name, end) => {
  it.each(["GET", "HEAD", "OPTIONS"])("%s is asked once more", async (method) => {
    const upstream = await fickle(end);
    const front = await frontOf(upstream.url);
    expect(await statusOf(front, "GET")).toBe(200);
    expect(await statusOf(front, method)).toBe(200);
    expect(upstream.heads.map((head) => head.split(" ")[0])).toEqual(["GET", method, method]);
  });

  it.each([
    ["POST", "", ""],
    ["POST", "Content-Length: 2\r\n", "ab"],
    ["PUT", "Content-Length: 2\r\n", "ab"],
    ["PUT", "", ""],
    ["PATCH", "", ""],
    ["DELETE", "", ""],
    ["PROPFIND", "", ""],
    ["GET", "Content-Length: 2\r\n", "ab"],
    ["GET", "Transfer-Encoding: chunked\r\n", "1\r\na\r\n0\r\n\r\n"],
  ])("%s with %j is not: 502, and the upstream saw it once", async (method, headers, body) => {
    const upstream = await fickle(end);
    const front = await frontOf(upstream.url);
    expect(await statusOf(front, "GET")).toBe(200);
    expect(await statusOf(front, method, headers, body)).toBe(502);
    expect(upstream.heads.map((head) => head.split(" ")[0])).toEqual(["GET", method]);
  });

  it("nothing is repeated a second time, nor on a new connection", async () => {
    const upstream = await raw((socket) => end(socket));
    const front = await frontOf(upstream.url);
    expect(await statusOf(front, "GET")).toBe(502);
    expect(upstream.heads).toHaveLength(1);
  });
});

describe("a half-sent answer", () => {
  it("is not asked for again", async () => {
    const upstream = await raw((socket, count) => {
      if (count === 1) socket.write(OK);
      else socket.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart", () => socket.resetAndDestroy());
    });
    const front = await frontOf(upstream.url);
    expect(await statusOf(front, "GET")).toBe(200);
    expect(await rawRequest(front.origin, "GET /x HTTP/1.1\r\nHost: x\r\n\r\n")).toMatch(/\r\n\r\n(part)?$/);
    expect(await statusOf(front, "POST")).toBe(200);
    expect(upstream.heads.map((head) => head.split(" ")[0])).toEqual(["GET", "GET", "POST"]);
  });
});
