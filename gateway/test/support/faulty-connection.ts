import { once } from "node:events";
import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { Fault, FaultSwitch } from "./fault.ts";
import { seededBytes } from "./seeded-bytes.ts";

const DRIP_INTERVAL = 20;

type Connection = {
  readonly faults: FaultSwitch;
  readonly client: Socket;
  readonly server: Socket;
  /** How much was answered under a fault. */
  answered: { readonly fault: Fault; readonly bytes: number };
};

const answeredUnder = ({ answered }: Connection, fault: Fault) => (answered.fault === fault ? answered.bytes : 0);

async function write(to: Socket, chunk: Buffer): Promise<void> {
  if (to.destroyed || to.writableEnded || to.write(chunk)) return;
  await Promise.race([once(to, "drain"), once(to, "close")]).catch(() => undefined);
}

async function reply(connection: Connection, fault: Fault, chunk: Buffer): Promise<void> {
  connection.answered = { fault, bytes: answeredUnder(connection, fault) + chunk.length };
  await write(connection.client, chunk);
}

function breakOff({ client, server }: Connection, by: "reset" | "end"): void {
  if (by === "reset") client.resetAndDestroy();
  else client.end();
  server.destroy();
}

async function drip(connection: Connection, fault: Fault, chunk: Buffer, bytesPerSecond: number): Promise<void> {
  const size = Math.max(1, Math.round((bytesPerSecond * DRIP_INTERVAL) / 1_000));
  for (let at = 0; at < chunk.length && !connection.client.destroyed; at += size) {
    await reply(connection, fault, chunk.subarray(at, at + size));
    await delay(DRIP_INTERVAL);
  }
}

/** As much as the fault lets through, then what it does. */
async function stopAt(
  connection: Connection,
  fault: Fault & { kind: "cut" | "hang" },
  chunk: Buffer,
  end: number,
): Promise<void> {
  const allowed = Math.max(0, end - answeredUnder(connection, fault));
  await reply(connection, fault, chunk.subarray(0, allowed));
  if (chunk.length <= allowed) return;
  if (fault.kind === "cut") return breakOff(connection, fault.by);
  await connection.faults.over(fault);
  return answer(connection, chunk.subarray(allowed));
}

function altered(fault: Fault, chunk: Buffer): Buffer {
  if (fault.kind === "garbage") return seededBytes(fault.seed, chunk.length);
  return fault.kind === "extra" ? Buffer.concat([Buffer.from(fault.text), chunk]) : chunk;
}

async function answer(connection: Connection, chunk: Buffer): Promise<void> {
  const fault = connection.faults.now();
  if (fault.kind === "cut") return stopAt(connection, fault, chunk, fault.after);
  if (fault.kind === "hang") return stopAt(connection, fault, chunk, fault.after ?? 0);
  if (fault.kind === "slow") {
    await delay(fault.latency);
    if (fault.bytesPerSecond) return drip(connection, fault, chunk, fault.bytesPerSecond);
  }
  return reply(connection, fault, altered(fault, chunk));
}

function answerStatus({ client, server }: Connection, status: number): void {
  const body = JSON.stringify({ error: { code: status, message: "a fault" } });
  const head = `HTTP/1.1 ${status} Fault\r\nContent-Type: application/json\r\nContent-Length: ${body.length}`;
  client.end(`${head}\r\nConnection: close\r\n\r\n${body}`);
  server.destroy();
}

async function ask(connection: Connection, chunk: Buffer): Promise<void> {
  const fault = connection.faults.now();
  if (fault.kind === "status") return answerStatus(connection, fault.status);
  if (fault.kind !== "hang" || fault.after !== undefined) return write(connection.server, chunk);
  await connection.faults.over(fault);
  return ask(connection, chunk);
}

/** Hands each piece on before it reads the next: a slow side slows the other. @returns until all was handed on. */
function relay(from: Socket, hand: (chunk: Buffer) => Promise<void>): () => Promise<void> {
  let handed = Promise.resolve();
  from.on("data", (chunk: Buffer) => {
    from.pause();
    handed = hand(chunk).then(() => void from.resume());
  });
  from.on("error", () => undefined);
  return () => handed;
}

/** Joins a client and a server, under whatever fault there is. */
export function joinFaulty(faults: FaultSwitch, client: Socket, server: Socket): void {
  const connection: Connection = { faults, client, server, answered: { fault: faults.now(), bytes: 0 } };
  const asked = relay(client, (chunk) => ask(connection, chunk));
  const answered = relay(server, (chunk) => answer(connection, chunk));
  client.on("end", () => void asked().then(() => server.end()));
  server.on("end", () => void answered().then(() => client.end()));
  client.on("close", () => server.destroy());
  server.on("close", () => void answered().then(() => client.destroySoon()));
}
