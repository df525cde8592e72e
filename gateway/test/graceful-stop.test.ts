import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createHttpServer, type HttpServer } from "../src/http-server.ts";
import { stopGracefully } from "../src/operations/graceful-stop.ts";
import { connectTo, readUntil } from "./support/raw-http.ts";

const TIMES = { delay: 200, timeout: 60_000 };

let listener: HttpServer;
let origin: string;
let held: ServerResponse[];
let isStopping: boolean;
beforeEach(async () => {
  listener = createHttpServer({ tls: null, trustedProxies: [] });
  [held, isStopping] = [[], false];
  listener.serve({
    handle: (request, response) => {
      if (isStopping) response.setHeader("Connection", "close");
      if (request.url === "/held") held.push(response.writeHead(200));
      else response.end("at once");
    },
    upgrade: (_request, socket) => void socket.destroy(),
  });
  await once(listener.server.listen(0, "127.0.0.1"), "listening");
  origin = `http://127.0.0.1:${(listener.server.address() as AddressInfo).port}`;
});
afterEach(() => listener.server.closeAllConnections());

const startStopping = () => {
  isStopping = true;
};
const stop = () =>
  stopGracefully(listener, { startStopping, sendAway: () => undefined, close: async () => undefined }, TIMES);
const ask = (socket: Socket, path: string) => socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);

it("answers what comes on a connection that became free during the stop, and then closes it", async () => {
  const socket = await connectTo(origin);
  ask(socket, "/held");
  await vi.waitFor(() => expect(held).toHaveLength(1));
  const stopped = stop();
  held[0]?.end("first");
  await readUntil(socket, (text) => text.includes("0\r\n\r\n"));
  await vi.waitFor(() => expect(listener.server.listening).toBe(false), { timeout: 10_000, interval: 1 });
  ask(socket, "/again");
  expect(await readUntil(socket)).toContain("at once");
  await stopped;
});

it("closes one that nobody uses any more, in time, and one that nobody used since before at once", async () => {
  const [free, forgotten] = [await connectTo(origin), await connectTo(origin)];
  ask(forgotten, "/");
  await readUntil(forgotten, (text) => text.includes("at once"));
  ask(free, "/held");
  await vi.waitFor(() => expect(held).toHaveLength(1));
  const order: string[] = [];
  free.resume().on("close", () => order.push("free"));
  forgotten.resume().on("close", () => order.push("forgotten"));
  const stopped = stop();
  held[0]?.end("first");
  await stopped;
  await vi.waitFor(() => expect(order).toEqual(["forgotten", "free"]));
});
