/** Words of the dialog that confirms who is there before a change. */
export const STEP_UP_TEXTS = {
  "step_up.title": "Confirm it's you",
  "step_up.lead": "For your safety we ask once more before this change. After that it goes on by itself.",
  "step_up.lead_passkey": "For your safety this change needs your passkey. After that it goes on by itself.",
  "step_up.passkey": "Use your passkey",
  "step_up.password": "Confirm with password",
  "step_up.wrong": "This password is not right.",
  "step_up.no_way": "This change needs a passkey, and this browser can't use one. Try another browser or device.",
} as const satisfies Record<string, string>;
