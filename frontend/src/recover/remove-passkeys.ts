import { signalAccount } from "../passkeys/passkey-signals.ts";
import { removePasskey } from "../passkeys/remove-passkey.ts";
import type { Problem } from "../problems/problem.ts";
import { problemWords } from "../problems/problem-words.ts";
import { t } from "../t.ts";

/**
 * Removes passkeys one after the other.
 * @returns null when all are gone; otherwise, in words, what went wrong.
 */
export async function removePasskeys(ids: readonly string[]): Promise<string | null> {
  const problems: Problem[] = [];
  for (const id of ids) {
    const problem = await removePasskey(id);
    if (problem) problems.push(problem);
  }
  // Before the page is left.
  await signalAccount();
  const [first] = problems;
  if (!first) return null;
  return problems.length < ids.length ? t("recover.lost_partly") : problemWords(first);
}
