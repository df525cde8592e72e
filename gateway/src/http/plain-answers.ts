import type { IncomingMessage, ServerResponse } from "node:http";
import { REQUEST_ID_HEADER, requestIdOf } from "./request-id.ts";

/** Names and values in turn, which Node writes as they come, without a look-up for each. */
export type Head = readonly string[];

/** A text as it goes over the wire, a character an octet: Node then writes it in one piece with the head, as it is. */
export const octetsOf = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

/** Writes a whole answer of the gateway's own: its head in one piece, and the octets of its text where there is one. */
export function answer(response: ServerResponse, status: number, head: Head, octets = ""): void {
  response.writeHead(status, [REQUEST_ID_HEADER, requestIdOf(response), ...head]).end(octets, "latin1");
}

/** What the head says of a text. */
export const textHead = (type: string, octets: string): Head => [
  "Content-Type",
  type,
  "Content-Length",
  String(octets.length),
];

/** Answers with a text; HEAD gets the head alone. */
export function answerText(
  { method }: Pick<IncomingMessage, "method">,
  response: ServerResponse,
  { status, head, type, text }: { status: number; head: Head; type: string; text: string },
): void {
  const octets = octetsOf(text);
  answer(response, status, [...head, ...textHead(type, octets)], method === "HEAD" ? "" : octets);
}

const NOTHING: Head = ["Content-Length", "0"];

/** Answers with a head alone. */
export const answerEmpty = (response: ServerResponse, status: number, head: Head = []): void =>
  answer(response, status, [...head, ...NOTHING]);

/** A page load goes to the page; 303 has it loaded with GET whatever the method was. */
export function redirectTo(response: ServerResponse, method: string, location: string, head: Head = []): void {
  const status = method === "GET" || method === "HEAD" ? 302 : 303;
  const rest = head.includes("no-store") ? head : [...head, "Cache-Control", "no-store"];
  answerEmpty(response, status, [...rest, "Location", location]);
}
