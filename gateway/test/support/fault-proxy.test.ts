import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type FaultProxy, startFaultProxy } from "./fault-proxy.ts";
import { type LoopbackServer, startLoopbackServer } from "./loopback-server.ts";

const BODY = "0123456789".repeat(1_000);

let asked: string[];
let server: LoopbackServer;
let proxy: FaultProxy;
const open: Socket[] = [];
beforeAll(async () => {
  server = await startLoopbackServer(async (request, response) => {
    const body = await text(request);
    asked.push(body);
    response.end(body || BODY);
  });
  proxy = await startFaultProxy(server.url.href);
});
afterEach(() => {
  proxy.heal();
  for (const socket of open.splice(0)) socket.destroy();
});
afterAll(() => {
  proxy.stop();
  server.close();
});

const get = (init: RequestInit = {}) => {
  asked = [];
  return fetch(proxy.url, { ...init, headers: { connection: "close" } });
};

/** A connection of its own, on which nothing is asked yet; what came on it, and how it ended. */
async function dial() {
  asked = [];
  const socket = connect(Number(new URL(proxy.url).port), "127.0.0.1");
  open.push(socket);
  const came: Buffer[] = [];
  let ended = "";
  socket
    .on("data", (chunk) => came.push(chunk))
    .on("end", () => {
      ended ||= "end";
    })
    .on("error", () => {
      ended = "reset";
    });
  await once(socket, "connect");
  return {
    ask: () => socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
    length: () => Buffer.concat(came).length,
    head: () => Buffer.concat(came).toString("latin1").slice(0, 15),
    ended: () => ended,
  };
}

describe("the fault proxy", () => {
  it("hands everything on, both ways, however much it is", async () => {
    const body = BODY.repeat(300);
    expect(await (await get({ method: "POST", body })).text()).toBe(body);
  });

  it("refuse: resets what is open and what is made, until it is healed", async () => {
    const before = await dial();
    await expect.poll(proxy.connections).toBe(1);
    proxy.turn({ kind: "refuse" });
    await expect.poll(before.ended).toBe("reset");
    await expect(get()).rejects.toThrow("fetch failed");
    proxy.heal();
    expect((await get()).status).toBe(200);
  });

  it("hang: no question arrives, on old connections and new ones, until it is healed", async () => {
    const old = await dial();
    proxy.turn({ kind: "hang" });
    const fresh = await dial();
    old.ask();
    fresh.ask();
    await expect(get({ signal: AbortSignal.timeout(200) })).rejects.toThrow("timeout");
    expect([asked, old.length(), fresh.length()]).toEqual([[], 0, 0]);
    proxy.heal();
    await expect.poll(() => [old.head(), fresh.head()]).toEqual(["HTTP/1.1 200 OK", "HTTP/1.1 200 OK"]);
  });

  it("hang in the middle of an answer, whose rest comes when it is healed", async () => {
    const connection = await dial();
    proxy.turn({ kind: "hang", after: 100 });
    connection.ask();
    await expect.poll(connection.length).toBe(100);
    const answer = get({ signal: AbortSignal.timeout(200) }).then((response) => response.text());
    await expect(answer).rejects.toThrow("timeout");
    expect(connection.length()).toBe(100);
    proxy.heal();
    await expect.poll(connection.length).toBeGreaterThan(BODY.length);
  });

  it.each(["reset", "end"] as const)("cut: %s after so many bytes of an answer, counted from then on", async (by) => {
    const connection = await dial();
    connection.ask();
    await expect.poll(connection.length).toBeGreaterThan(BODY.length);
    const before = connection.length();
    proxy.turn({ kind: "cut", after: 5_000, by });
    connection.ask();
    await expect.poll(connection.ended).toBe(by);
    if (by === "end") expect(connection.length() - before).toBe(5_000);
    await expect(get().then((answer) => answer.text())).rejects.toThrow();
  });

  it("slow: late, and dripping", async () => {
    proxy.turn({ kind: "slow", latency: 100, bytesPerSecond: 50_000 });
    const start = performance.now();
    expect(await (await get()).text()).toBe(BODY);
    // Ten kilobytes at fifty a second.
    expect(performance.now() - start).toBeGreaterThan(250);
  });

  it("garbage: the same for the same seed", async () => {
    const heads: string[] = [];
    for (const seed of [1, 1, 2]) {
      proxy.turn({ kind: "garbage", seed });
      const connection = await dial();
      connection.ask();
      await expect.poll(connection.length).toBeGreaterThan(20);
      heads.push(connection.head());
    }
    expect(heads[0]).toBe(heads[1]);
    expect(heads[0]).not.toBe(heads[2]);
    expect(heads).not.toContain("HTTP/1.1 200 OK");
  });

  it("status: answered without being asked", async () => {
    proxy.turn({ kind: "status", status: 500 });
    expect((await get({ method: "POST", body: "x" })).status).toBe(500);
    expect(asked).toEqual([]);
  });
});
