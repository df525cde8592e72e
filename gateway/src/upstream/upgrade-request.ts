import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { Problem } from "../errors.ts";
import type { UpstreamTarget } from "./upstream-target.ts";
import type { TargetRequest } from "./wire/request-head.ts";

/** Below 200 nothing is final, and below 100 nothing is HTTP: Node's parser passes it, and its server cannot say it. */
const isFinal = ({ statusCode = 0 }: IncomingMessage): boolean => statusCode >= 200;

/** What an upstream says to an upgrade: a connection, or an ordinary answer that refuses it. */
export type UpgradeAnswer =
  | { readonly kind: "accepted"; readonly answer: IncomingMessage; readonly socket: Duplex }
  | { readonly kind: "refused"; readonly answer: IncomingMessage };

export type UpgradeRequest = {
  readonly target: UpstreamTarget;
  readonly send: TargetRequest;
  /** Milliseconds until the upstream has answered. */
  readonly timeout: number;
  /** The client's connection: the request is given up when it closes. */
  readonly client: Duplex;
};

/**
 * Asks an upstream for an upgrade, on a connection of its own.
 * @throws Problem upstream_timeout or upstream_unavailable, also when the client left meanwhile.
 */
export function requestUpgrade({ target, send, timeout, client }: UpgradeRequest): Promise<UpgradeAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<UpgradeAnswer>();
  const outgoing = target.upgrade(send);
  const giveUp = () => outgoing.destroy();
  const timer = setTimeout(() => outgoing.destroy(new Problem("upstream_timeout")), timeout);
  const settle = () => {
    clearTimeout(timer);
    client.off("close", giveUp);
  };
  outgoing.once("upgrade", (answer, socket, head) => {
    settle();
    socket.on("error", () => socket.destroy());
    if (head.length > 0) socket.unshift(head);
    resolve({ kind: "accepted", answer, socket });
  });
  outgoing.once("response", (answer) => {
    settle();
    answer.on("error", () => undefined);
    if (isFinal(answer)) resolve({ kind: "refused", answer });
    else outgoing.destroy(new Error(`the upstream answered ${answer.statusCode}`));
  });
  outgoing.on("error", (error) => {
    settle();
    reject(error instanceof Problem ? error : new Problem("upstream_unavailable", { cause: error }));
  });
  client.once("close", giveUp);
  outgoing.end();
  return promise;
}
