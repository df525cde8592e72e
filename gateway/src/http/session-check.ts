import type { IncomingMessage, ServerResponse } from "node:http";
import { sendConditionalJson } from "./conditional-json.ts";
import type { RequestResolver } from "./guards.ts";
import type { Head } from "./plain-answers.ts";
import type { SessionBody } from "./session-body.ts";

export const SESSION_PATH = "/api/auth/session";

export type SessionCheck = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const NOBODY = { authenticated: false };

/** GET /api/auth/session, made for polling: it does not extend the idle timeout. Throws OutageError. @param head of every answer. */
export function createSessionCheck(resolve: RequestResolver, body: SessionBody, head: Head): SessionCheck {
  return async (request, response) => {
    const resolution = await resolve(request, response, { activity: false });
    const answer = resolution.kind === "authenticated" ? await body(resolution.session) : NOBODY;
    sendConditionalJson(request, response, head, answer);
  };
}
