/** What a value has to be: at least, or at most, so much. */
export type Target = { readonly atLeast: number } | { readonly atMost: number };

/** Whether a value is what it has to be. */
export function meets(target: Target, value: number): boolean {
  return "atLeast" in target ? value >= target.atLeast : value <= target.atMost;
}
