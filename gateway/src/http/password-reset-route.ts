import type { RequestHandler } from "express";
import type { KratosClient } from "../kratos/kratos-client.ts";
import { sessionOf } from "./session-context.ts";

/**
 * POST /api/auth/password-reset: a Kratos recovery flow and its code for someone signed in by passkey, who has no
 * Kratos session to change the password with.
 */
export function createPasswordReset(kratos: KratosClient): RequestHandler {
  return async (_request, response) => {
    const { flowId, code, expiresAt } = await kratos.createRecoveryCode(sessionOf(response).identity.id);
    response.json({ flow_id: flowId, code, expires_at: expiresAt.toISOString() });
  };
}
