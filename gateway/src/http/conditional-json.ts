import { createHash } from "node:crypto";
import type { Request, Response } from "express";

/** The strong ETag of a body, without its quotes (RFC 9110, section 8.8.3). */
export const tagOf = (text: string) => createHash("sha256").update(text).digest("base64url").slice(0, 27);

/**
 * Answers JSON with a strong ETag, or 304 when If-None-Match names it (RFC 9110, sections 8.8.3 and 13.1.2).
 * Not left to express: browsers add `Cache-Control: no-cache` to a conditional fetch, which express reads as
 * "never 304".
 */
export function sendConditionalJson(request: Request, response: Response, body: object): void {
  const text = JSON.stringify(body);
  const etag = `"${tagOf(text)}"`;
  response.set("ETag", etag);
  const known = (request.get("if-none-match") ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  if (known.includes(etag) || known.includes("*")) response.status(304).end();
  else response.type("json").send(text);
}
