import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createSecureServer } from "node:tls";

export type SmtpManners = {
  /** Accepts connections and never says a word. */
  readonly silent?: boolean;
  /** The answer to RCPT TO, instead of 250. */
  readonly toRecipient?: string;
  /** TLS from the start, with this key and certificate in PEM. */
  readonly tls?: { readonly key: string; readonly cert: string };
};

/** A mail server that behaves as told, and keeps every message as it came over the wire. */
export type SmtpTestServer = {
  readonly port: number;
  readonly messages: string[];
  /** Connections that are open now. */
  readonly open: ReadonlySet<Socket>;
  readonly close: () => Promise<void>;
};

function converse(socket: Socket, { toRecipient = "250 ok" }: SmtpManners, messages: string[]): void {
  const answers: readonly (readonly [RegExp, string])[] = [
    [/^EHLO/i, "250 test"],
    [/^RCPT/i, toRecipient],
    [/^DATA/i, "354 go on"],
    [/^STARTTLS/i, "502 not here"],
    [/^QUIT/i, "221 bye"],
  ];
  let data: string[] | null = null;
  let rest = "";
  const take = (line: string) => {
    if (data && line !== ".") return void data.push(line);
    if (data) messages.push(data.join("\n"));
    const answer = answers.find(([pattern]) => pattern.test(line))?.[1] ?? "250 ok";
    data = !data && answer.startsWith("354") ? [] : null;
    socket.write(`${answer}\r\n`);
  };
  socket.write("220 test ESMTP\r\n");
  socket.on("data", (chunk) => {
    const lines = (rest + chunk.toString("latin1")).split("\r\n");
    rest = lines.pop() ?? "";
    for (const line of lines) take(line);
  });
}

export async function startSmtpServer(manners: SmtpManners = {}): Promise<SmtpTestServer> {
  const messages: string[] = [];
  const open = new Set<Socket>();
  const onSocket = (socket: Socket) => {
    open.add(socket);
    socket.on("error", () => undefined).on("close", () => open.delete(socket));
    if (manners.silent) socket.resume();
    else converse(socket, manners, messages);
  };
  const server: Server = manners.tls ? createSecureServer(manners.tls, onSocket) : createServer(onSocket);
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    port: (server.address() as AddressInfo).port,
    messages,
    open,
    close: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
