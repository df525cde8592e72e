import type { RequestHandler } from "express";
import { Problem } from "../errors.ts";
import type { Handler, PasskeyRouteDeps } from "./passkey-route-deps.ts";
import { sessionOf } from "./session-context.ts";

const NOT_NOW = 30 * 86_400_000;

/** Behind the signed-in guard: refuses people for whom an administrator disabled passkeys. */
export function requirePasskeysEnabled({ settings }: PasskeyRouteDeps): RequestHandler {
  return async (_request, response, next) => {
    const { enabled } = await settings.find(sessionOf(response).identity.id);
    if (!enabled) throw new Problem("passkeys_disabled");
    next();
  };
}

/** POST /api/passkeys/prompt/dismiss: also the answer to an administrator's wish to ask. */
export function dismissPrompt({ settings, passkeySummary, clock }: PasskeyRouteDeps): Handler {
  return async (_request, response) => {
    const { id } = sessionOf(response).identity;
    const promptDismissedUntil = new Date(clock().getTime() + NOT_NOW);
    await settings.change(id, { promptForced: false, promptDismissedUntil });
    passkeySummary.drop(id);
    response.status(204).end();
  };
}

/** GET /api/passkeys/available */
export function showAvailability({ credentials, settings, policy }: PasskeyRouteDeps): Handler {
  return async (_request, response) => {
    const { id } = sessionOf(response).identity;
    const [count, { enabled }, { maxPasskeysPerUser: max }] = await Promise.all([
      credentials.countOf(id),
      settings.find(id),
      policy(),
    ]);
    response.json({ available: enabled && count < max, count, max });
  };
}
