import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { expect, it, onTestFinished } from "vitest";
import { runCurl, type Transfers } from "./curl.ts";

const BYTES = 100_000;

async function transfer(listener: RequestListener, more: Partial<Transfers> = {}) {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/large`;
  return runCurl("the server", { count: 3, bytes: BYTES, request: { url, headers: { cookie: "a=1" } }, ...more });
}

function upload(): string {
  const folder = mkdtempSync(join(tmpdir(), "passbridge-curl-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "body");
  writeFileSync(file, Buffer.alloc(BYTES));
  return file;
}

const give =
  (bytes: number): RequestListener =>
  (_request, response) =>
    void response.end(Buffer.alloc(bytes));

it("fetches as many bodies as it is told to, with the headers", async () => {
  const cookies: (string | undefined)[] = [];
  const run = await transfer((request, response) => {
    cookies.push(request.headers.cookie);
    give(BYTES)(request, response);
  });
  expect(run.done).toBe(3);
  expect(cookies).toEqual(["a=1", "a=1", "a=1"]);
});

it("sends bodies whole", async () => {
  const sizes: number[] = [];
  const take: RequestListener = async (request, response) => {
    sizes.push((await buffer(request)).length);
    response.end(String(BYTES));
  };
  await transfer(take, { upload: upload() });
  expect(sizes).toEqual([BYTES, BYTES, BYTES]);
});

it.each([
  ["a body that is not whole", give(BYTES - 1), `200 ${BYTES - 1} 0`],
  ["another status", ((_request, response) => void response.writeHead(502).end()) as RequestListener, "502 0 0"],
])("fails with %s", async (_what, listener, message) => {
  await expect(transfer(listener)).rejects.toThrow(message);
});
