import { createHash } from "node:crypto";

/**
 * The key an account's attempts are counted under, from an address. Coarser than Kratos' own reading of it: languages
 * lower letters in different ways, every spelling that might be read as one address has to be one counter, and two
 * addresses that differ only in an accent may share theirs. A hash, because addresses are nobody's business in Redis.
 */
export function accountKey(email: string): string {
  const plain = email
    .normalize("NFKD")
    .replace(/[\s\p{M}\p{C}]/gu, "")
    .toLowerCase();
  return createHash("sha256").update(plain).digest("base64url");
}
