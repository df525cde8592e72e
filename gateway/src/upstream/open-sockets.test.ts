import { Duplex } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { unifiedSession } from "../../test/support/unified-session.ts";
import { createOpenSockets, type OpenSockets } from "./open-sockets.ts";

/** A connection whose peer sends what is pushed and never closes its side by itself. */
function stubbornPeer(): { socket: Duplex; written: () => string } {
  const chunks: Buffer[] = [];
  const socket = new Duplex({
    allowHalfOpen: true,
    read: () => undefined,
    write: (chunk, _encoding, done) => {
      chunks.push(chunk);
      done();
    },
  });
  return { socket, written: () => Buffer.concat(chunks).toString() };
}

const unwatched = { kratosCookieKey: null, check: async () => undefined };

let open: OpenSockets;
let client: ReturnType<typeof stubbornPeer>;
let upstream: ReturnType<typeof stubbornPeer>;
let joined: Promise<void>;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  open = createOpenSockets();
  client = stubbornPeer();
  upstream = stubbornPeer();
  const session = unifiedSession();
  joined = open.join({ client: client.socket, upstream: upstream.socket, session: () => session, ...unwatched });
});

afterEach(() => {
  vi.useRealTimers();
});

describe("open sockets", () => {
  it("pass bytes both ways", async () => {
    client.socket.push("up");
    upstream.socket.push("down");
    await vi.waitFor(() => expect([upstream.written(), client.written()]).toEqual(["up", "down"]));
    expect(open.size()).toBe(1);
  });

  it.each(["client", "upstream"])("cut the other side when the %s ends and the other never does", async (side) => {
    const { socket } = side === "client" ? client : upstream;
    socket.push(null);
    await vi.waitFor(() => expect(vi.getTimerCount()).toBe(1));
    await vi.advanceTimersByTimeAsync(10_000);
    await joined;
    expect([client.socket.destroyed, upstream.socket.destroyed, open.size()]).toEqual([true, true, 0]);
  });

  it("deliver what the upstream still says to a client that has ended its side", async () => {
    client.socket.push(null);
    await vi.waitFor(() => expect(upstream.socket.writableFinished).toBe(true));
    upstream.socket.push("goodbye");
    upstream.socket.push(null);
    await vi.waitFor(() => expect(client.socket.writableFinished).toBe(true));
    expect(client.written()).toBe("goodbye");
    expect(client.socket.errored).toBeNull();
  });

  it("are cut a second after a close that nobody answers", async () => {
    open.close(() => true);
    await vi.advanceTimersByTimeAsync(1_000);
    await joined;
    expect([client.socket.destroyed, upstream.socket.destroyed, open.size()]).toEqual([true, true, 0]);
  });

  it("are given no more time by what happens after a close", async () => {
    open.close(() => true);
    client.socket.push(null);
    await vi.advanceTimersByTimeAsync(1_000);
    await joined;
    expect(upstream.socket.destroyed).toBe(true);
  });

  it("are left alone when they are not meant", async () => {
    open.close(() => false);
    await vi.advanceTimersByTimeAsync(60_000);
    expect([client.socket.destroyed, open.size()]).toEqual([false, 1]);
  });

  it.each(["client", "upstream"])("end when the %s fails", async (side) => {
    const [failing, other] = side === "client" ? [client, upstream] : [upstream, client];
    failing.socket.destroy(new Error("reset"));
    await vi.waitFor(() => expect(other.socket.writableFinished).toBe(true));
    await vi.advanceTimersByTimeAsync(10_000);
    await joined;
    expect(other.socket.destroyed).toBe(true);
  });

  it("leave nothing open for a client that was gone before", async () => {
    const gone = stubbornPeer();
    gone.socket.destroy();
    await vi.waitFor(() => expect(gone.socket.closed).toBe(true));
    const late = stubbornPeer();
    const ended = open.join({ client: gone.socket, upstream: late.socket, session: unifiedSession, ...unwatched });
    await vi.advanceTimersByTimeAsync(1_000);
    await ended;
    expect(late.socket.destroyed).toBe(true);
  });
});
