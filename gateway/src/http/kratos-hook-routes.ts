import { type RequestHandler, Router } from "express";
import { z } from "zod";
import { Problem } from "../errors.ts";
import { HOOK_KINDS, type HookCall } from "../kratos/kratos-hooks.ts";
import { sameText } from "../same-text.ts";
import { jsonBody } from "./json-body.ts";
import { readBody } from "./request-body.ts";
import { noStore } from "./small-handlers.ts";

export type KratosHookRouteDeps = {
  readonly handle: (call: HookCall) => Promise<void>;
  readonly secrets: readonly string[];
};

/** As kratos/hooks/change.jsonnet writes it. */
const hookBody = z.object({
  identity_id: z.uuid(),
  flow_id: z.uuid(),
  flow_expires_at: z.iso.datetime({ offset: true }),
  submission: z.uuid().nullable(),
});

const kindOf = z.enum(HOOK_KINDS);

/** Newer versions keep one id for all repetitions of a call; Kratos 1.3.1 gives each its own. */
const CALL_IDS = ["Ory-Webhook-Trigger-Id", "Ory-Webhook-Request-Id"];

const callId = z.uuid("is missing");

/** Kratos sends every secret it knows, so that one of them can be changed in either order. */
function createKratosGuard(secrets: readonly string[]): RequestHandler {
  return (request, _response, next) => {
    const [, sent = ""] = /^Bearer (.+)$/i.exec(request.get("authorization") ?? "") ?? [];
    const isKnown = sent.split(",").some((text) => secrets.some((secret) => sameText(secret, text)));
    if (!isKnown) throw new Problem("unauthenticated", { detail: "Only Kratos may call this." });
    next();
  };
}

/** POST /hooks/kratos/{kind} for the operators' port: 204; a repeated call does nothing. */
export function createKratosHookRoutes({ handle, secrets }: KratosHookRouteDeps): Router {
  const router = Router();
  router.use(noStore, createKratosGuard(secrets));
  router.post("/:kind", jsonBody, async (request, response) => {
    const kind = kindOf.safeParse(request.params.kind);
    if (!kind.success) throw new Problem("not_found");
    const body = readBody(hookBody, request.body);
    const sentId = CALL_IDS.map((name) => request.get(name)).find(Boolean);
    const { id } = readBody(z.object({ id: callId }), { id: sentId });
    await handle({
      kind: kind.data,
      id: `${kind.data}:${body.flow_id}:${id}`,
      identityId: body.identity_id,
      flowExpiresAt: new Date(body.flow_expires_at),
      submission: body.submission,
    });
    response.status(204).end();
  });
  return router;
}
