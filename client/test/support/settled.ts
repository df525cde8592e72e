const LIMIT = 20_000;

/** Waits, in real time and under fake timers alike, until something is so. */
export async function until(description: string, holds: () => boolean): Promise<void> {
  const started = performance.now();
  while (!holds()) {
    if (performance.now() - started > LIMIT) throw new Error(`not within ${LIMIT} ms: ${description}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
