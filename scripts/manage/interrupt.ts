const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** The operator ended the command. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  readonly exitCode: number;

  constructor(signal: keyof typeof EXIT_CODES) {
    super(`interrupted by ${signal}`);
    this.exitCode = EXIT_CODES[signal];
  }
}

/**
 * Runs a task that must not be left half done: when it fails or the operator interrupts it, it is undone.
 * @param task begins nothing new once its signal is aborted.
 * @throws whatever the task throws, or Interrupted.
 */
export async function interruptible(
  task: (signal: AbortSignal) => Promise<void>,
  undo: () => Promise<void>,
): Promise<void> {
  const abort = new AbortController();
  const onSignal = (signal: keyof typeof EXIT_CODES) => abort.abort(new Interrupted(signal));
  for (const signal of SIGNALS) process.on(signal, onSignal);
  const interrupted = new Promise<never>((_, reject) => {
    abort.signal.addEventListener("abort", () => reject(abort.signal.reason));
  });
  const running = task(abort.signal);
  try {
    await Promise.race([running, interrupted]);
  } catch (error) {
    await undo();
    // What was under way when the signal came may have got further meanwhile.
    const outcome = await Promise.allSettled([running]);
    if (abort.signal.aborted && outcome[0].status === "fulfilled") await undo();
    throw error;
  } finally {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  }
}
