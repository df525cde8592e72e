import { type RequestHandler, Router } from "express";
import { z } from "zod";
import type { Adapters } from "../adapters.ts";
import { Problem } from "../errors.ts";
import {
  fromPolicyDocument,
  type PolicyDocument,
  policyDocument,
  toPolicyDocument,
} from "../passkeys/policy-document.ts";
import type { PolicyChange } from "../passkeys/policy-store.ts";
import { readBody } from "./request-body.ts";
import { sessionOf } from "./session-context.ts";

const policyChange = z
  .strictObject(policyDocument.shape)
  .partial()
  .refine((changes) => Object.keys(changes).length > 0, "names nothing to change");

export type PolicyRouteDeps = Pick<Adapters, "policy" | "changePolicy" | "audit"> & {
  /** What an administrator's request passes, in this order. */
  readonly admin: readonly RequestHandler[];
};

/** The policy with the changes. Throws Problem invalid_request where its members contradict each other. */
function merged(current: PolicyDocument, changes: z.infer<typeof policyChange>): PolicyDocument {
  const next = policyDocument.parse({ ...current, ...changes });
  if (next.require_certified && next.attestation === "none") {
    const detail = "require_certified: needs an attestation other than none";
    throw new Problem("invalid_request", { detail });
  }
  return next;
}

/** Each changed member with its value before and after, for the audit log. */
function differences({ before, after }: PolicyChange): Record<string, unknown> {
  const [old, now] = [toPolicyDocument(before), toPolicyDocument(after)];
  const names = policyDocument
    .keyof()
    .options.filter((name) => JSON.stringify(old[name]) !== JSON.stringify(now[name]));
  return Object.fromEntries(names.map((name) => [name, { from: old[name], to: now[name] }]));
}

/** PUT /api/admin/policy: members left out keep their value. */
function putPolicy({ changePolicy, audit }: PolicyRouteDeps): RequestHandler {
  return async (request, response) => {
    const changes = readBody(policyChange, request.body);
    const change = await changePolicy((current) => fromPolicyDocument(merged(toPolicyDocument(current), changes)));
    const detail = { actor: sessionOf(response).identity.id, changes: differences(change) };
    audit({ event: "policy.changed", detail });
    response.json(toPolicyDocument(change.after));
  };
}

/** GET and PUT /api/admin/policy. */
export function createPolicyRoutes(deps: PolicyRouteDeps): Router {
  const router = Router();
  router.get("/policy", ...deps.admin, async (_request, response) => {
    response.json(toPolicyDocument(await deps.policy()));
  });
  router.put("/policy", ...deps.admin, putPolicy(deps));
  return router;
}
