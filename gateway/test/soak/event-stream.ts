import { request as startRequest } from "node:http";
import { z } from "zod";

const told = z.object({
  authenticated: z.boolean(),
  identity: z.object({ email: z.string() }).optional(),
  methods: z.array(z.string()).optional(),
});

export type ToldSession = z.infer<typeof told>;

/** One answer of the event stream, read until it ends; it does not come back. */
export type EventStream = {
  readonly isOpen: () => boolean;
  /** What it was told last; null: nothing yet. */
  readonly last: () => ToldSession | null;
  readonly close: () => void;
};

export type OpeningStream = { readonly status: number; readonly stream: EventStream };

/**
 * @param onEvent is told each session event.
 * @param onCookies is told the Set-Cookie lines of the answer. Rejects when there is no answer.
 */
export function openEventStream(
  address: string,
  headers: Readonly<Record<string, string>>,
  onEvent: (event: ToldSession) => void,
  onCookies: (lines: readonly string[]) => void,
): Promise<OpeningStream> {
  const { promise, resolve, reject } = Promise.withResolvers<OpeningStream>();
  let open = false;
  let last: ToldSession | null = null;
  const take = (block: string) => {
    const data = /^data: ?(.*)$/m.exec(block)?.[1];
    if (data === undefined) return;
    last = told.parse(JSON.parse(data));
    onEvent(last);
  };
  const asked = startRequest(new URL("/api/auth/events", address), {
    headers: { accept: "text/event-stream", ...headers },
    agent: false,
  });
  asked.on("error", reject);
  asked.on("response", (answer) => {
    open = true;
    onCookies(answer.headers["set-cookie"] ?? []);
    let text = "";
    answer.setEncoding("utf8").on("data", (chunk: string) => {
      const blocks = (text + chunk).split("\n\n");
      text = blocks.pop() ?? "";
      for (const block of blocks) take(block);
    });
    answer
      .on("error", () => undefined)
      .on("close", () => {
        open = false;
      });
    const stream = { isOpen: () => open, last: () => last, close: () => asked.destroy() };
    resolve({ status: answer.statusCode ?? 0, stream });
  });
  asked.end();
  return promise;
}
