import { type Front, serveHttpProxy } from "./http-proxy-front.ts";
import { rawRequest } from "./raw-http.ts";
import { startRawUpstream } from "./raw-upstream.ts";

export type WireAnswer = { readonly raw: string; readonly head: string; readonly body: string };

export type WireQuestion = {
  readonly method?: string;
  readonly version?: string;
  /** Further header lines, each with its end. */
  readonly headers?: string;
  /** Whether the upstream hangs up after its answer. */
  readonly end?: boolean;
};

/** A proxy between a raw client and an upstream that says what it is told to, byte for byte. */
export type WireFront = {
  readonly front: Front;
  /** The heads of the requests that arrived. */
  readonly heads: readonly string[];
  /** From now on the upstream says this; null: it hangs up without a word. */
  readonly says: (text: string | null, end?: boolean) => void;
  /** Sends one request and reads what the client gets. */
  readonly ask: (says: string | null, question?: WireQuestion) => Promise<WireAnswer>;
  readonly stop: () => Promise<void>;
};

export async function startWireFront(): Promise<WireFront> {
  let text: string | null = null;
  let ends = false;
  const upstream = await startRawUpstream((socket) => {
    if (text !== null) socket.write(text, "latin1");
    if (ends || text === null) socket.end();
  });
  const front = await serveHttpProxy(upstream.url);
  const says: WireFront["says"] = (next, end = false) => {
    text = next;
    ends = end;
  };
  return {
    front,
    heads: upstream.heads,
    says,
    ask: async (next, { method = "GET", version = "1.1", headers = "", end = false } = {}) => {
      says(next, end);
      const request = `${method} /x HTTP/${version}\r\nHost: x\r\nConnection: close\r\n${headers}\r\n`;
      const raw = await rawRequest(front.origin, request);
      const split = raw.indexOf("\r\n\r\n");
      return { raw, head: raw.slice(0, split + 2), body: raw.slice(split + 4) };
    },
    stop: async () => {
      await front.stop();
      upstream.stop();
    },
  };
}
