export type Strength = 0 | 1 | 2 | 3 | 4;

const MIN_LENGTH = 8;
const COMMON = /^(?:pass(?:word)?|qwert[yz]\w*|letmein|welcome|admin|iloveyou|abc123|monkey|dragon|football)[\d!.]*$/i;

function kinds(password: string): number {
  return [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/].filter((kind) => kind.test(password)).length;
}

function isSequence(password: string): boolean {
  const steps = Array.from(password.slice(1), (char, index) => char.charCodeAt(0) - password.charCodeAt(index));
  return steps.every((step) => step === steps[0]);
}

/**
 * A quick estimate to guide people while they type; what counts is Kratos' own check.
 * @returns 0 (too short) to 4 (strong).
 */
export function passwordStrength(password: string): Strength {
  if (password.length < MIN_LENGTH) return 0;
  if (COMMON.test(password) || isSequence(password) || new Set(password).size < 5) return 1;
  const score = password.length + kinds(password) * 2;
  if (score < 14) return 2;
  return score < 20 ? 3 : 4;
}
