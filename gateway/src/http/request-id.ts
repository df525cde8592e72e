import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";

const HEADER = "X-Request-Id";

/** Gives a request an id of our own (a client's would let it forge log lines), which its answer names. */
export function giveRequestId(response: ServerResponse): void {
  response.setHeader(HEADER, randomUUID());
}

/** Empty where none was given. */
export function requestIdOf(response: ServerResponse): string {
  return String(response.getHeader(HEADER) ?? "");
}
