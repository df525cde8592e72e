import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { answer, type Head, octetsOf, textHead } from "./plain-answers.ts";

/** The strong ETag of a body, without its quotes (RFC 9110, section 8.8.3). */
export const tagOf = (text: string) => createHash("sha256").update(text).digest("base64url").slice(0, 27);

type Written = { readonly octets: string; readonly etag: string; readonly head: Head };

const written = new WeakMap<object, Written>();

/** Once for each object: a session that is polled is the same one for a while. */
function write(body: object): Written {
  const known = written.get(body);
  if (known) return known;
  const text = JSON.stringify(body);
  const etag = `"${tagOf(text)}"`;
  const octets = octetsOf(text);
  const made = { octets, etag, head: ["ETag", etag, ...textHead("application/json; charset=utf-8", octets)] };
  written.set(body, made);
  return made;
}

function isKnown({ headers }: IncomingMessage, etag: string): boolean {
  const tags = headers["if-none-match"]?.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags !== undefined && (tags.includes(etag) || tags.includes("*"));
}

/**
 * Answers JSON with a strong ETag, or 304 when If-None-Match names it (RFC 9110, sections 8.8.3 and 13.1.2).
 * Not left to express: browsers add `Cache-Control: no-cache` to a conditional fetch, which express reads as
 * "never 304".
 * @param body never changed afterwards.
 */
export function sendConditionalJson(
  request: IncomingMessage,
  response: ServerResponse,
  head: Head,
  body: object,
): void {
  const { octets, etag, head: ofText } = write(body);
  if (isKnown(request, etag)) answer(response, 304, [...head, "ETag", etag]);
  else answer(response, 200, [...head, ...ofText], request.method === "HEAD" ? "" : octets);
}
