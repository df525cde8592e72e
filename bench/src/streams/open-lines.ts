import { connect } from "node:net";

/** A connection that stays open and says little. */
export type Line = {
  /** When it said what was waited for, or was closed: of performance.now(); null: not yet. */
  readonly endedAt: () => number | null;
  readonly close: () => void;
};

export type LineRequest = {
  readonly origin: string;
  readonly address: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What the answer begins with, when the connection is wanted. */
  readonly begins: string;
  /** By these words the server says that it is over; closing the connection says so as well. */
  readonly ends: string;
};

function headOf({ origin, path, headers }: LineRequest): string {
  const lines = Object.entries({ host: new URL(origin).host, ...headers }).map(([name, value]) => `${name}: ${value}`);
  return `GET ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`;
}

/** Opens a connection; resolves once the server has taken it. Rejects when it is refused. */
export function openLine(request: LineRequest): Promise<Line> {
  const { promise, resolve, reject } = Promise.withResolvers<Line>();
  const { hostname, port } = new URL(request.address);
  const socket = connect({ host: hostname, port: Number(port) });
  let endedAt: number | null = null;
  let taken = false;
  let text = "";
  const over = () => {
    endedAt ??= performance.now();
    reject(new Error(`${request.path} was not opened: ${text.slice(0, 300)}`));
  };
  const read = (chunk: string) => {
    text += chunk;
    if (!taken && text.includes("\r\n\r\n")) {
      if (!text.startsWith(request.begins)) return void socket.destroy();
      taken = true;
      resolve({ endedAt: () => endedAt, close: () => socket.destroy() });
    }
    if (taken && text.includes(request.ends)) endedAt ??= performance.now();
    // Words that end a line may come in two parts.
    if (taken) text = text.slice(-request.ends.length);
  };
  socket.setEncoding("latin1").on("data", read).on("error", over).on("close", over);
  socket.write(headOf(request));
  return promise;
}

/** Opens many, a bounded number at the same time. */
export async function openLines(requests: readonly LineRequest[], atOnce = 50): Promise<Line[]> {
  const left = [...requests];
  const lines: Line[] = [];
  const work = async () => {
    for (let next = left.pop(); next; next = left.pop()) lines.push(await openLine(next));
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return lines;
}
