import { whenThere } from "../soon.ts";
import { sendConditionalJson } from "./conditional-json.ts";
import type { Exit } from "./exits.ts";
import type { RequestResolver } from "./guards.ts";
import type { Head } from "./plain-answers.ts";
import type { SessionBody } from "./session-body.ts";

export const SESSION_PATH = "/api/auth/session";

const NOBODY = { authenticated: false };

/** GET /api/auth/session, made for polling: it does not extend the idle timeout. Throws OutageError. @param head of every answer. */
export function createSessionCheck(resolve: RequestResolver, body: SessionBody, head: Head): Exit {
  return (request, response) =>
    whenThere(resolve(request, response, { activity: false }), (resolution) => {
      const answer = resolution.kind === "authenticated" ? body(resolution.session) : NOBODY;
      return whenThere(answer, (body) => sendConditionalJson(request, response, head, body));
    });
}
