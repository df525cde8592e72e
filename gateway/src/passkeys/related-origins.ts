import type { Logger } from "pino";

/** How many a browser has to consider at least; Chromium considers no more (WebAuthn L3, 5.11.1). */
const MAX_LABELS = 5;

/** Second-level domains under which names are registered where the country's code stands last: co.uk, com.au. */
const REGISTRY = /^(ac|co|com|edu|gov|gob|go|ne|net|or|org)$/;

/**
 * The label a browser counts an origin by: the one before its public suffix (`example` of https://www.example.co.uk).
 * Without the public suffix list, so a good guess only.
 */
function labelOf(origin: string): string {
  const labels = new URL(origin).hostname.split(".");
  const [registered, second, last] = [labels.at(-3), labels.at(-2), labels.at(-1)];
  const suffixOfTwo = last?.length === 2 && second !== undefined && REGISTRY.test(second) && registered !== undefined;
  return (suffixOfTwo ? registered : second) ?? last ?? origin;
}

/**
 * The different labels of a list of related origins, in its order. A browser stops reading at the sixth: origins
 * with it and after it cannot use the passkeys.
 */
export function relatedOriginLabels(origins: readonly string[]): string[] {
  return [...new Set(origins.map(labelOf))];
}

/** Says at the start which related origins will not work, and why. */
export function warnOfManyOrigins(origins: readonly string[], log: Pick<Logger, "warn">): void {
  const ignored = relatedOriginLabels(origins).slice(MAX_LABELS);
  if (ignored.length === 0) return;
  log.warn({ ignored }, "PASSKEY_RELATED_ORIGINS has more than five different names: browsers ignore the rest");
}
