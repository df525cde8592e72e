import { createHash, createHmac, randomBytes, randomUUID } from "node:crypto";

/** Somebody who is written into the stores instead of signing up. */
export type SeededPerson = { readonly id: string; readonly email: string };

/** Others each time. All addresses are equally long, so that answers about different people are. */
export function createSeededPeople(count: number): SeededPerson[] {
  const name = `stranger-${randomBytes(4).toString("hex")}`;
  const emailOf = (place: number) => `${name}-${String(place).padStart(7, "0")}@example.com`;
  return Array.from({ length: count }, (_, place) => ({ id: randomUUID(), email: emailOf(place) }));
}

/** As long as express-session's ids; Redis makes the same of the identity's id in its own script. */
export const seededSessionId = (identityId: string) => createHash("sha1").update(identityId).digest("hex").slice(0, 32);

/** The cookie of a seeded session, signed as express-session signs (cookie-signature). */
export function seededCookie(identityId: string, secret: string): string {
  const id = seededSessionId(identityId);
  const signature = createHmac("sha256", secret).update(id).digest("base64").replace(/=+$/, "");
  return `passbridge_session=${encodeURIComponent(`s:${id}.${signature}`)}`;
}

/** So many of them, evenly spread. */
export function sampleOf<T>(values: readonly T[], count: number): T[] {
  const step = Math.max(1, Math.floor(values.length / count));
  return values.filter((_, place) => place % step === 0).slice(0, count);
}

/** In portions, for servers that take many at a time but not all. */
export function* portionsOf<T>(values: readonly T[], size: number): Generator<readonly T[]> {
  for (let from = 0; from < values.length; from += size) yield values.slice(from, from + size);
}
