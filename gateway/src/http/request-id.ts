import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";

export const REQUEST_ID_HEADER = "X-Request-Id";

const ID = Symbol("request id");

/** A header that is set before an answer's head is written makes Node take all of them the long way: so it is kept apart. */
type Identified = ServerResponse & { [ID]?: string };

/** Gives a request an id of our own: a client's would let it forge log lines. Whoever answers names it. */
export function giveRequestId(response: ServerResponse, id = randomUUID() as string): void {
  (response as Identified)[ID] = id;
}

/** Empty where none was given. */
export function requestIdOf(response: ServerResponse): string {
  return (response as Identified)[ID] ?? "";
}
