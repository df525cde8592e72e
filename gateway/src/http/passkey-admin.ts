import type { Response } from "express";
import { toPasskey } from "../passkeys/passkey.ts";
import { isPrompted } from "../policy/passkey-duty.ts";
import type { Identity } from "../sessions/session.ts";
import type { Handler, PasskeyRouteDeps } from "./passkey-route-deps.ts";
import { personInPath } from "./person-in-path.ts";
import { sessionOf } from "./session-context.ts";

/** Notes what was done to whom, and by whom; and what was known of that person's passkeys is known no more. */
function note(deps: PasskeyRouteDeps, response: Response, event: string, identity: Identity, detail: object = {}) {
  deps.passkeySummary.drop(identity.id);
  const actor = sessionOf(response).identity.id;
  deps.audit({ event, identityId: identity.id, detail: { actor, ...detail } });
}

/** The last use of any of them. */
function latest(times: readonly (Date | null)[]): string | null {
  const used = times.flatMap((time) => time?.getTime() ?? []);
  return used.length > 0 ? new Date(Math.max(...used)).toISOString() : null;
}

/** GET /api/passkeys/user/{user} */
export function showUserPasskeys(deps: PasskeyRouteDeps): Handler {
  return async (request, response) => {
    const { id } = await personInPath(deps.kratos, request);
    const [owned, settings, { enforcement }] = await Promise.all([
      deps.credentials.listOf(id),
      deps.settings.find(id),
      deps.policy(),
    ]);
    response.json({
      passkeys: owned.map(toPasskey),
      enabled: settings.enabled,
      prompt: isPrompted(enforcement, { count: owned.length, settings }, deps.clock()),
      last_login_at: latest(owned.map(({ lastUsedAt }) => lastUsedAt)),
    });
  };
}

/** POST /api/passkeys/enable/{user}: asks at the next sign-in, even someone who said "not now" before. */
export function enablePasskeysOf(deps: PasskeyRouteDeps): Handler {
  return async (request, response) => {
    const identity = await personInPath(deps.kratos, request);
    await deps.settings.change(identity.id, { enabled: true, promptForced: true, promptDismissedUntil: null });
    note(deps, response, "passkeys.enabled", identity);
    response.status(204).end();
  };
}

/** POST /api/passkeys/disable/{user}: a session made with a passkey must not outlive the right to use one. */
export function disablePasskeysOf(deps: PasskeyRouteDeps): Handler {
  return async (request, response) => {
    const identity = await personInPath(deps.kratos, request);
    await deps.settings.change(identity.id, { enabled: false, promptForced: false });
    note(deps, response, "passkeys.disabled", identity);
    await deps.endPasskeySessionsOf(identity.id);
    response.status(204).end();
  };
}

/**
 * POST /api/passkeys/reset/{user}
 *
 * The passkeys first, since they make sessions. Where those cannot be ended now the answer is 503, and asking again
 * ends them.
 */
export function resetPasskeysOf(deps: PasskeyRouteDeps): Handler {
  return async (request, response) => {
    const identity = await personInPath(deps.kratos, request);
    const deleted = await deps.credentials.removeAll(identity.id);
    note(deps, response, "passkeys.reset", identity, { deleted });
    if (deleted > 0) await deps.notices({ identity, event: { kind: "passkeys_reset", count: deleted }, place: null });
    await deps.endPasskeySessionsOf(identity.id);
    response.json({ deleted });
  };
}
