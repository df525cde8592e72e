/** How many letters have to be added, dropped or changed to make one word of the other (Levenshtein). */
function distance(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (const [row, letter] of [...one].entries()) {
    const line = [row + 1];
    for (const [at, wanted] of [...other].entries()) {
      const changed = (above[at] ?? 0) + (letter === wanted ? 0 : 1);
      line.push(Math.min(changed, (line[at] ?? 0) + 1, (above[at + 1] ?? 0) + 1));
    }
    above = line;
  }
  return above.at(-1) ?? 0;
}

const LONGEST = 64;

/** @returns ` (did you mean x?)` for the likeliest of the known words; else which ones there are. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = known
    .map((name) => ({ name, far: distance(word.slice(0, LONGEST).toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, far }) => far <= Math.max(1, Math.floor(name.length / 3)))
    .sort((one, other) => one.far - other.far)[0];
  return near ? ` (did you mean ${near.name}?)` : ` (there are: ${known.join(", ")})`;
}
