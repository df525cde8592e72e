import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { serve, type TestServer } from "../../test/support/proxy-server.ts";
import { createEventWriter, type EventWriter } from "./event-writer.ts";

let server: TestServer;
let writer: Promise<EventWriter>;
let closed: Promise<unknown>;
beforeEach(async () => {
  const opened = Promise.withResolvers<EventWriter>();
  const gone = Promise.withResolvers<unknown>();
  server = await serve((_request, response) => {
    response.once("close", () => gone.resolve(undefined));
    opened.resolve(createEventWriter(response));
  });
  writer = opened.promise;
  closed = gone.promise;
});
afterEach(() => server.stop());

describe("createEventWriter", () => {
  it("writes events, comments and times as EventSource reads them", async () => {
    const answer = fetch(server.origin);
    const { event, comment, retry, end } = await writer;
    retry(499.6);
    event("session", "tag", '{"a":1}');
    comment();
    end();
    expect(await (await answer).text()).toBe('retry: 500\n\nevent: session\nid: tag\ndata: {"a":1}\n\n:\n\n');
  });

  it("gives up a reader that does not read, with little kept for it", async () => {
    const { port } = new URL(server.origin);
    const socket = connect(Number(port), "127.0.0.1").on("error", () => undefined);
    await once(socket, "connect");
    socket.pause().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    const { event } = await writer;
    let gone = false;
    void closed.then(() => {
      gone = true;
    });
    let events = 0;
    // What the kernel's buffers take is some megabytes at most.
    while (!gone && events < 100_000) {
      event("session", "tag", "x".repeat(2_000));
      events += 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(gone).toBe(true);
    socket.destroy();
  });
});
