import type { Request, RequestHandler, Response } from "express";
import type { OriginalRequest } from "../policy/original-request.ts";
import type { DecideRoute } from "../routes/route-decision.ts";
import type { ExitAnswer, ExitAnswers, Passage } from "./exit-answer.ts";
import type { BrowserResolver } from "./guards.ts";
import type { OriginalRequests } from "./original-requests.ts";

const passages = new WeakMap<Response, Passage>();
const asked = new WeakMap<Response, OriginalRequest>();

/** The original request that an exit decided on; undefined for the gateway's own paths. */
export const originalOf = (response: Response): OriginalRequest | undefined => asked.get(response);

/** What is known of a request behind the route guard. Throws where none stands before: that is a mistake in app.ts. */
export function passageOf(response: Response): Passage {
  const passage = passages.get(response);
  if (!passage) throw new Error("passageOf needs the route guard before it");
  return passage;
}

/** Decides on an original request with the cookies of the request that tells of it. Throws Problem invalid_request. */
export type AskExit = (request: Request, response: Response, original: OriginalRequest) => Promise<ExitAnswer>;

export type ExitDeps = {
  readonly decide: DecideRoute;
  readonly resolve: BrowserResolver;
  readonly answers: ExitAnswers;
};

/** The way every exit over HTTP goes: one decision, one answer. */
export function createAskExit({ decide, resolve, answers }: ExitDeps): AskExit {
  return async (request, response, original) => {
    asked.set(response, original);
    const decision = await decide(original, () => resolve(request, response));
    return answers(original, decision);
  };
}

/** A page load goes to the page; 303 has it loaded with GET whatever the method was. */
export function redirectTo(response: Response, method: string, location: string): void {
  const status = method === "GET" || method === "HEAD" ? 302 : 303;
  response.set("Cache-Control", "no-store").redirect(status, location);
}

/**
 * Lets requests on to the upstream that may pass; passageOf(response) is theirs. Others: a page load goes to where the
 * person does what is missing, and comes back; anything else is refused with 401, 403 or 503.
 */
export function createRouteGuard(originals: OriginalRequests, ask: AskExit): RequestHandler {
  return async (request, response, next) => {
    const original = originals.direct(request);
    const answer = await ask(request, response, original);
    if (answer.kind === "refuse") throw answer.problem;
    if (answer.kind === "redirect") return redirectTo(response, original.method, answer.location);
    passages.set(response, answer.passage);
    next();
  };
}
