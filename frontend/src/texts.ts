import type { ACCOUNT_TEXTS } from "./texts/account.ts";
import { CODES_TEXTS } from "./texts/codes.ts";
import { COMMON_TEXTS } from "./texts/common.ts";
import { HELP_TEXTS } from "./texts/help.ts";
import { PROBLEMS_TEXTS } from "./texts/problems.ts";
import { RECOVERY_CODES_TEXTS } from "./texts/recovery-codes.ts";
import type { SESSIONS_TEXTS } from "./texts/sessions.ts";
import { SIGN_IN_TEXTS } from "./texts/sign-in.ts";
import type { STEP_UP_TEXTS } from "./texts/step-up.ts";

/**
 * The words of the pages, in one place (by page in the folder beside). An operator overrides any of them by its key in
 * `texts` of `/.passbridge/config.json`; `{name}` is filled in by the page.
 */
export const TEXTS = {
  ...COMMON_TEXTS,
  ...SIGN_IN_TEXTS,
  ...CODES_TEXTS,
  ...RECOVERY_CODES_TEXTS,
  ...HELP_TEXTS,
  ...PROBLEMS_TEXTS,
} as const satisfies Record<string, string>;

/** Words of pages that not everybody opens come with those pages (addTexts), so that sign-in stays light. */
type LaterTexts = typeof ACCOUNT_TEXTS & typeof SESSIONS_TEXTS & typeof STEP_UP_TEXTS;

export type TextKey = keyof typeof TEXTS | keyof LaterTexts;
