import { randomBytes } from "node:crypto";

/** Crockford's base 32: no letter that looks like a digit, none that makes words. Its own reading of look-alikes is below. */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH = 10;
const GROUP = 5;
const LOOK_ALIKES: Readonly<Record<string, string>> = { o: "0", i: "1", l: "1", u: "v" };

const CODE = new RegExp(`^[${ALPHABET}]{${LENGTH}}$`);

/** How many codes a set has. */
export const CODES_IN_SET = 10;

/** Ten characters of five random bits each. A byte has eight of them: the modulo favours no character. */
function newCode(): string {
  return Array.from(randomBytes(LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join("");
}

/** A set of different codes in their plain form, each of 50 random bits. */
export function newRecoveryCodes(): readonly string[] {
  const codes = new Set<string>();
  while (codes.size < CODES_IN_SET) codes.add(newCode());
  return [...codes];
}

/** A plain code as people see it, in groups that are easy to read and to copy by hand: `k7fm2-9xqpd`. */
export function showRecoveryCode(code: string): string {
  return `${code.slice(0, GROUP)}-${code.slice(GROUP)}`;
}

/**
 * The plain form of what somebody typed: upper or lower case, with or without spaces and hyphens, a letter for the digit
 * it looks like.
 * @returns null for what cannot be a code.
 */
export function readRecoveryCode(typed: string): string | null {
  const letters = typed
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\s\p{Pd}\p{Cf}_.]/gu, "");
  const code = letters.replace(/[oilu]/g, (letter) => LOOK_ALIKES[letter] ?? letter);
  return CODE.test(code) ? code : null;
}
