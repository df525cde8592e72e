import express, { type RequestHandler } from "express";
import { Problem } from "../errors.ts";
import { hasBody } from "../upstream/request-body.ts";

const LIMIT = "64kb";

/** Refuses a body of another type than JSON: a form of another site can send those without asking. */
const onlyJson: RequestHandler = (request, _response, next) => {
  if (hasBody(request) && !request.is("application/json")) throw new Problem("unsupported_media_type");
  next();
};

/** The body of an API request as request.body; {} when there is none. */
export const jsonBody: readonly RequestHandler[] = [onlyJson, express.json({ limit: LIMIT, strict: true })];
