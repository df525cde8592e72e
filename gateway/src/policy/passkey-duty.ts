import type { UnifiedSession } from "../sessions/session.ts";
import type { PasskeyPolicy } from "./passkey-policy.ts";

/** What an administrator, or the person, decided about one person's passkeys. */
export type PasskeySettings = {
  /** False: no passkey sign-in and no registration; the credentials stay. */
  readonly enabled: boolean;
  /** An administrator wants the person asked, whatever the policy; until they answer. */
  readonly promptForced: boolean;
  /** "Not now." */
  readonly promptDismissedUntil: Date | null;
};

/** The settings of someone about whom nothing was decided. */
export const FIRST_SETTINGS: PasskeySettings = { enabled: true, promptForced: false, promptDismissedUntil: null };

export type PersonPasskeys = { readonly count: number; readonly settings: PasskeySettings };

/**
 * Whether a person is offered a passkey now: they have none and may have one, and the policy or an administrator wants
 * it. "Not now" holds for the time it was said for, against all but a policy that requires a passkey.
 */
export function isPrompted(
  enforcement: PasskeyPolicy["enforcement"],
  { count, settings }: PersonPasskeys,
  now: Date,
): boolean {
  if (count > 0 || !settings.enabled) return false;
  if (enforcement === "required") return true;
  if (enforcement === "off" && !settings.promptForced) return false;
  return settings.promptDismissedUntil === null || settings.promptDismissedUntil <= now;
}

/** What someone signed in has to do before they are let on: nothing, add a passkey, or sign in with the one they have. */
export type PasskeyDuty = "none" | "add" | "use";

/** Whether the duty depends on what passkeys the person has: asked only then, since it costs a look-up. */
export function isPasskeyMissing(enforcement: PasskeyPolicy["enforcement"], { methods }: UnifiedSession): boolean {
  return enforcement === "required" && !methods.includes("passkey");
}

/** The duty of a person whose session misses the passkey that is required. Those who may have none go on without. */
export function dutyOf({ count, settings }: PersonPasskeys): PasskeyDuty {
  if (!settings.enabled) return "none";
  return count > 0 ? "use" : "add";
}
