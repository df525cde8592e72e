import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { askGateway } from "./gateway-answer.ts";

async function serve(status: number): Promise<string> {
  const headers = ["X-Request-Id", "1", "Cache-Control", "no-store"];
  const server = createServer((_request, response) => void response.writeHead(status, headers).end("body"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

it("has a baseline answer every header that is no server's own, and expects those that do not change", async () => {
  const { answer, expected } = await askGateway({ url: await serve(200) }, (body) => body === "body");
  expect(answer).toEqual({
    headers: [
      ["X-Request-Id", "1"],
      ["Cache-Control", "no-store"],
    ],
    body: "body",
  });
  expect(expected).toEqual({ status: 200, length: 4, body: "body", headers: { "Cache-Control": "no-store" } });
});

it("rejects what is not the work's answer", async () => {
  await expect(askGateway({ url: await serve(200) }, () => false)).rejects.toThrow("answered 200 body");
  await expect(askGateway({ url: await serve(401) }, () => true)).rejects.toThrow("answered 401");
});
