import net, { isIP, type OnReadOpts, type Socket } from "node:net";
import tls from "node:tls";

export type ConnectOptions = {
  /** Of the server; path and search do not matter. */
  readonly url: URL;
  /** Milliseconds until the connection stands, TLS included. */
  readonly timeout: number;
  readonly onread: OnReadOpts;
};

/**
 * Connects to a server. Where its name has several addresses, Node tries them in turn until one is connected. A TLS
 * server has to show a certificate for its name by a root that Node trusts.
 * @returns the socket, still connecting: what is written to it waits.
 */
export function connect({ url, timeout, onread }: ConnectOptions): Socket {
  const secure = url.protocol === "https:";
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const port = Number(url.port || (secure ? 443 : 80));
  const options = { host, port, onread, noDelay: true, keepAlive: true, keepAliveInitialDelay: 1_000 };
  const servername = isIP(host) ? {} : { servername: host };
  const socket = secure
    ? tls.connect({ ...options, ...servername, ALPNProtocols: ["http/1.1"] })
    : net.connect(options);
  const timer = setTimeout(() => socket.destroy(new Error("the upstream took no connection in time")), timeout);
  const clear = () => clearTimeout(timer);
  return socket.once(secure ? "secureConnect" : "connect", clear).once("close", clear);
}
