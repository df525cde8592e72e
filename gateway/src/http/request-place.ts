import type { Request } from "express";
import { type Place, toPlace } from "../place.ts";

/** Where a request came from, fit to be stored and shown. */
export function placeOf(request: Pick<Request, "get" | "ip">): Place {
  return toPlace({ userAgent: request.get("user-agent"), ip: request.ip });
}
