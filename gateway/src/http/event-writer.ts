import type { Response } from "express";

/** What a reader may leave unread before it is given up: an event is a kilobyte or two. */
const MAX_UNREAD = 64 * 1024;

export const EVENT_STREAM = "text/event-stream";

/** Writes Server-Sent Events (HTML Living Standard, section 9.2) to one response. */
export type EventWriter = {
  /** @param data one line. */
  readonly event: (name: string, id: string, data: string) => void;
  /** Shows both ends, and what is between them, that the connection lives. */
  readonly comment: () => void;
  /** How long the browser waits before it comes back, in milliseconds. */
  readonly retry: (delay: number) => void;
  readonly end: () => void;
};

/** Sends the head at once. A reader that does not keep up loses its connection, and comes back. */
export function createEventWriter(response: Response): EventWriter {
  response.writeHead(200, { "Content-Type": EVENT_STREAM, "X-Accel-Buffering": "no" });
  // Sent with the first event it would stay in the hundred pieces it was put together from, as long as the stream is open.
  response.flushHeaders();
  const write = (lines: string) => {
    if (response.destroyed || response.writableEnded) return;
    response.write(`${lines}\n`);
    if (response.writableLength > MAX_UNREAD) response.destroy();
  };
  return {
    event: (name, id, data) => write(`event: ${name}\nid: ${id}\ndata: ${data}\n`),
    comment: () => write(":\n"),
    retry: (delay) => write(`retry: ${Math.round(delay)}\n`),
    end: () => void response.end(),
  };
}
