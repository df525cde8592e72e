import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { runWrk, type WrkJob } from "./wrk.ts";

const BODY = 'one "page"\n';

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/page`;
}

const load = (url: string, job: Partial<WrkJob> = {}) =>
  runWrk("the server", {
    connections: 4,
    patience: 1_000,
    milliseconds: 200,
    request: { url },
    expected: { status: 200, length: BODY.length, body: BODY, headers: { "X-Who": "me" } },
    ...job,
  });

const answer =
  (status: number, body: string, who = "me"): RequestListener =>
  (_request, response) =>
    void response.writeHead(status, { "X-Who": who }).end(body);

it("counts good answers and how long it took", async () => {
  let answered = 0;
  const url = await serve((request, response) => {
    answered += 1;
    answer(request.headers.cookie === "a=1" ? 200 : 401, BODY)(request, response);
  });
  const { done, seconds } = await load(url, { request: { url, headers: { cookie: "a=1" } } });
  expect(done).toBeGreaterThan(0);
  expect(done).toBeLessThanOrEqual(answered);
  expect(seconds).toBeGreaterThan(0.1);
});

it.each([
  ["another status", answer(201, BODY), "status 201"],
  ["a body of another length", answer(200, "short"), "a body of 5 bytes: short"],
  ["another body of the same length", answer(200, 'two "page"\n'), 'another body: two "page"'],
  ["another header", answer(200, BODY, "you"), "X-Who: you"],
  ["a broken connection", ((request) => void request.socket.destroy()) as RequestListener, "0 answers"],
])("fails with %s", async (_what, listener, message) => {
  await expect(load(await serve(listener))).rejects.toThrow(message);
});

it("fails when one answer of many was wrong", async () => {
  let answered = 0;
  const url = await serve((request, response) => {
    answered += 1;
    answer(answered === 20 ? 500 : 200, BODY)(request, response);
  });
  await expect(load(url)).rejects.toThrow("1 wrong, 0 broken: status 500");
});

it("sends each cookie of a list in turn, beginning where it is told to", async () => {
  const file = join(tmpdir(), `passbridge-wrk-test-${process.pid}`);
  writeFileSync(file, "n=0\nn=1\nn=2\n");
  onTestFinished(() => rmSync(file));
  const seen: (string | undefined)[] = [];
  const url = await serve((request, response) => {
    seen.push(request.headers.cookie);
    answer(200, BODY)(request, response);
  });
  await load(url, { connections: 1, cookies: { file, first: 2 } });
  expect(seen.slice(0, 5)).toEqual(["n=2", "n=0", "n=1", "n=2", "n=0"]);
});
