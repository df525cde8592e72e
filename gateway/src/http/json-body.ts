import type { IncomingMessage } from "node:http";
import express, { type RequestHandler } from "express";
import { Problem } from "../errors.ts";
import { hasRepeatedMember } from "../repeated-members.ts";
import { hasBody } from "../upstream/request-body.ts";

const LIMIT = "64kb";

/** Refuses a body of another type than JSON: a form of another site can send those without asking. */
const onlyJson: RequestHandler = (request, _response, next) => {
  if (hasBody(request) && !request.is("application/json")) throw new Problem("unsupported_media_type");
  next();
};

/** RFC 8259, 8.1: JSON between systems is UTF-8. Sees the body as it came, within the limit. */
function judgeText(_request: IncomingMessage, _response: unknown, body: Buffer, encoding: string): void {
  if (encoding !== "utf-8") throw new Problem("unsupported_media_type");
  if (hasRepeatedMember(body.toString("utf8")))
    throw new Problem("invalid_request", { detail: "The body has a member twice." });
}

/** The body of an API request as request.body; {} when there is none. */
export const jsonBody: readonly RequestHandler[] = [
  onlyJson,
  express.json({ limit: LIMIT, strict: true, verify: judgeText }),
];
