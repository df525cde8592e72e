const MAX_KNOWN = 2_000;

/**
 * A judgement on headers' names, made once for each: clients and upstreams use the same few over and over.
 * What is remembered is bounded, as anybody can make names up.
 */
export function judgedOnce<T extends string | boolean>(judge: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const judgement = judge(name);
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(name, judgement);
    return judgement;
  };
}
