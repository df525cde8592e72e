/** When a key of the identity token begins to sign. */
export type KeyTimes = { readonly kid: string; readonly signsFrom: Date };

const MINUTE = 60_000;

/** How long a key is published before it signs: longer than the published keys may be cached (jwks-route.ts). */
export const SIGNS_AFTER = 10 * MINUTE;
/** How long a key stays published once the next one signs: longer than any token lives, and than clocks differ. */
export const PUBLISHED_AFTER = 60 * MINUTE;

const inOrder = (a: KeyTimes, b: KeyTimes) => a.signsFrom.getTime() - b.signsFrom.getTime() || (a.kid < b.kid ? -1 : 1);

/** The key that is known already and signs later; null when there is none. */
export function pendingKey<Key extends KeyTimes>(keys: readonly Key[], now: Date): Key | null {
  return keys.toSorted(inOrder).find(({ signsFrom }) => signsFrom > now) ?? null;
}

/** The key that signs now: the newest whose time has come, and the first to come where there is none yet. */
export function signingKey<Key extends KeyTimes>(keys: readonly Key[], now: Date): Key | undefined {
  const ordered = keys.toSorted(inOrder);
  return ordered.findLast(({ signsFrom }) => signsFrom <= now) ?? ordered[0];
}

/** Whether a key is to be published: it signs, will sign, or signed what may still be valid. */
export function isPublished(key: KeyTimes, keys: readonly KeyTimes[], now: Date): boolean {
  const next = keys.toSorted(inOrder).find((other) => inOrder(key, other) < 0);
  return next === undefined || now.getTime() < next.signsFrom.getTime() + PUBLISHED_AFTER;
}
