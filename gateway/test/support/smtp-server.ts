import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { createServer as createSecureServer, TLSSocket } from "node:tls";

type KeyPair = { readonly key: string; readonly cert: string };

export type SmtpManners = {
  /** Accepts connections and never says a word. */
  readonly silent?: boolean;
  /** The answer to RCPT TO, instead of 250. */
  readonly toRecipient?: string;
  /** TLS from the start, with this key and certificate in PEM. */
  readonly tls?: KeyPair;
  /** Offers STARTTLS, and nothing else before. */
  readonly starttls?: KeyPair;
  /** Takes mails after this log-in only. */
  readonly login?: { readonly user: string; readonly pass: string };
};

/** A mail server that behaves as told, and keeps every message as it came over the wire. */
export type SmtpTestServer = {
  readonly port: number;
  readonly messages: string[];
  /** Connections that are open now. */
  readonly open: ReadonlySet<Socket>;
  readonly close: () => Promise<void>;
};

/** What one connection has come to. */
type Talk = { encrypted: boolean; loggedIn: boolean; data: string[] | null };

function answerToLogin(line: string, talk: Talk, { login }: SmtpManners): string {
  talk.loggedIn = line === `AUTH PLAIN ${Buffer.from(`\0${login?.user}\0${login?.pass}`).toString("base64")}`;
  return talk.loggedIn ? "235 ok" : "535 wrong";
}

function answerTo(line: string, talk: Talk, manners: SmtpManners): string {
  const { toRecipient = "250 ok", starttls, login } = manners;
  const command = line.split(" ", 1)[0]?.toUpperCase();
  const offersTls = starttls !== undefined && !talk.encrypted;
  if (command === "EHLO") return `250-test\r\n250 ${offersTls ? "STARTTLS" : "AUTH PLAIN"}`;
  if (command === "STARTTLS") return offersTls ? "220 go on" : "502 not here";
  if (offersTls) return "530 STARTTLS first";
  if (command === "AUTH") return answerToLogin(line, talk, manners);
  if (login && !talk.loggedIn) return "530 log in first";
  if (command === "RCPT") return toRecipient;
  return command === "DATA" ? "354 go on" : "250 ok";
}

function converse(socket: Socket, talk: Talk, manners: SmtpManners, messages: string[]): void {
  let rest = "";
  const take = (line: string) => {
    if (talk.data && line !== ".") return void talk.data.push(line);
    if (talk.data) messages.push(talk.data.join("\n"));
    const answer = talk.data ? "250 taken" : answerTo(line, talk, manners);
    talk.data = answer.startsWith("354") ? [] : null;
    socket.write(`${answer}\r\n`);
    if (manners.starttls && answer.startsWith("220")) {
      socket.removeAllListeners("data");
      const secure = new TLSSocket(socket, { isServer: true, ...manners.starttls });
      secure.on("error", () => undefined);
      converse(secure, { ...talk, encrypted: true }, manners, messages);
    }
  };
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
    if (manners.silent) return void socket.resume();
    socket.write("220 test ESMTP\r\n");
    converse(socket, { encrypted: manners.tls !== undefined, loggedIn: false, data: null }, manners, messages);
  };
  const server = manners.tls ? createSecureServer(manners.tls, onSocket) : createServer(onSocket);
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
