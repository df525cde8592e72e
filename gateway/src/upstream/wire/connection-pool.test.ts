import { once } from "node:events";
import type { Socket } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type RawUpstream, startRawUpstream } from "../../../test/support/raw-upstream.ts";
import { createPool } from "../upstream-target.ts";
import type { Connection } from "./connection.ts";
import type { ConnectionPool } from "./connection-pool.ts";

const stops: (() => void)[] = [];

afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

async function start(answer: (socket: Socket) => void, max?: number) {
  const upstream: RawUpstream = await startRawUpstream((socket) => answer(socket));
  const pool = createPool(upstream.url, 5_000, max);
  stops.push(upstream.stop, pool.close);
  return { upstream, pool };
}

/** Asks over a pool; the connection it went over, once the answer is whole. */
function ask(pool: ConnectionPool, fresh = false): Promise<Connection> {
  const { promise, resolve, reject } = Promise.withResolvers<Connection>();
  pool.take((connection) => {
    connection.ask({
      method: "GET",
      text: "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
      body: null,
      onHead: () => undefined,
      onData: () => undefined,
      onEnd: () => resolve(connection),
      onFail: reject,
    });
  }, fresh);
  return promise;
}

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

const answerWith =
  (header = "") =>
  (socket: Socket) =>
    socket.write(OK.replace("\r\n", `\r\n${header}`));

describe("a connection", () => {
  it("is used again", async () => {
    const { pool, upstream } = await start(answerWith());
    expect(await ask(pool)).toBe(await ask(pool));
    expect(upstream.connections()).toBe(1);
  });

  it.each([
    ["its server closes it", answerWith("Connection: close\r\n")],
    ["its server says it keeps it for a moment only", answerWith("Keep-Alive: timeout=1\r\n")],
    ["more came than its answer", (socket: Socket) => socket.write(`${OK}x`)],
  ])("is not used again where %s", async (_name, answer) => {
    const { pool, upstream } = await start(answer);
    await ask(pool);
    await ask(pool);
    expect(upstream.connections()).toBe(2);
  });

  it("is closed where its server says something unasked", async () => {
    const servers: Socket[] = [];
    const { pool } = await start((socket) => {
      servers.push(socket);
      answerWith()(socket);
    });
    const { socket } = await ask(pool);
    const closed = once(socket, "close");
    servers[0]?.write("HTTP/1.1 408 Request Timeout\r\n\r\n");
    await closed;
  });

  it("is closed after seconds without a request, before common servers close theirs", async () => {
    const { pool } = await start(answerWith());
    const { socket } = await ask(pool);
    const now = performance.now();
    vi.spyOn(performance, "now").mockImplementation(() => now + 4_500);
    await once(socket, "close");
    vi.restoreAllMocks();
  });

  it("is awaited where there are as many as there may be; a new one takes the place of one that broke", async () => {
    let count = 0;
    const { pool, upstream } = await start((socket) => {
      count += 1;
      if (count === 1) socket.resetAndDestroy();
      else answerWith()(socket);
    }, 1);
    const [first, second, third] = [ask(pool), ask(pool), ask(pool)];
    await expect(first).rejects.toThrow();
    expect(await second).toBe(await third);
    expect(upstream.connections()).toBe(2);
  });

  it("is a new one for a request that wants it so", async () => {
    const { pool, upstream } = await start(answerWith());
    const first = await ask(pool);
    expect(await ask(pool, true)).not.toBe(first);
    expect(upstream.connections()).toBe(2);
  });
});
