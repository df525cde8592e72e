import type { Response } from "express";
import type { Answer } from "./answer.ts";

/** Sends it as an Express handler would. */
export function sendAnswer(response: Response, { headers, body }: Answer): void {
  for (const [name, value] of headers) response.set(name, value);
  if (body) response.send(body);
  else response.end();
}
