import type { IncomingMessage, ServerResponse } from "node:http";
import type { OriginalRequest } from "../policy/original-request.ts";
import type { DecideRoute } from "../routes/route-decision.ts";
import { type Soon, whenThere } from "../soon.ts";
import type { ExitAnswer, ExitAnswers, Passage } from "./exit-answer.ts";
import type { BrowserResolver } from "./guards.ts";
import type { OriginalRequests } from "./original-requests.ts";
import { redirectTo } from "./plain-answers.ts";

const asked = new WeakMap<ServerResponse, OriginalRequest>();

/** The original request that an exit decided on; undefined for the gateway's own paths. */
export const originalOf = (response: ServerResponse): OriginalRequest | undefined => asked.get(response);

/** Decides on an original request with the cookies of the request that tells of it. Throws Problem invalid_request. */
export type AskExit = (
  request: IncomingMessage,
  response: ServerResponse,
  original: OriginalRequest,
) => Soon<ExitAnswer>;

export type ExitDeps = {
  readonly decide: DecideRoute;
  readonly resolve: BrowserResolver;
  readonly answers: ExitAnswers;
};

/** The way every exit over HTTP goes: one decision, one answer. */
export function createAskExit({ decide, resolve, answers }: ExitDeps): AskExit {
  return (request, response, original) => {
    asked.set(response, original);
    const decision = decide(original, () => resolve(request, response));
    return whenThere(decision, (decided) => answers(original, decided));
  };
}

/** Answers a request, or throws what the problem handler makes an answer of. */
export type Exit = (request: IncomingMessage, response: ServerResponse) => Soon<void>;

/**
 * Sends requests on that may pass. Others: a page load goes to where the person does what is missing, and comes back;
 * anything else is refused with 401, 403 or 503.
 */
export function createProxyExit(
  originals: OriginalRequests,
  ask: AskExit,
  sendOn: (request: IncomingMessage, response: ServerResponse, passage: Passage) => Promise<void>,
): Exit {
  return async (request, response) => {
    const original = originals.direct(request);
    const answer = await ask(request, response, original);
    if (answer.kind === "refuse") throw answer.problem;
    if (answer.kind === "redirect") return redirectTo(response, original.method, answer.location);
    await sendOn(request, response, answer.passage);
  };
}
