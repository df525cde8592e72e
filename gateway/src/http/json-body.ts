import type { Request, RequestHandler } from "express";
import { Problem } from "../errors.ts";
import { hasRepeatedMember } from "../repeated-members.ts";
import { discardRest, hasBody, readBody } from "../upstream/request-body.ts";

const LIMIT = 64 * 1024;
const CHARSET = /;\s*charset\s*=\s*"?([^\s;"]*)/i;

/** RFC 8259, 8.1: JSON between systems is UTF-8. Another type could come from another site's form without asking. */
function judgeType(request: Request): void {
  const charset = CHARSET.exec(request.headers["content-type"] ?? "")?.[1] ?? "utf-8";
  const coding = request.headers["content-encoding"] ?? "identity";
  if (!request.is("application/json") || charset.toLowerCase() !== "utf-8" || coding.toLowerCase() !== "identity") {
    throw new Problem("unsupported_media_type");
  }
}

function parse(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(body);
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) throw new Error("neither an object nor a list");
    if (!hasRepeatedMember(text)) return value;
  } catch (cause) {
    throw new Problem("invalid_request", { cause });
  }
  throw new Problem("invalid_request", { detail: "The body has a member twice." });
}

/** The body of an API request as request.body; undefined when there is none. */
export const jsonBody: RequestHandler = async (request, _response, next) => {
  if (hasBody(request)) {
    try {
      judgeType(request);
      request.body = parse(await readBody(request, LIMIT));
    } catch (error) {
      discardRest(request);
      throw error;
    }
  }
  next();
};
