const FAILURES = 3;
const PAUSE = 1_000;

/** Spares a part outside the process that does not answer, so that it costs each deadline a few times and no more. */
export type Circuit = {
  /** Asks, unless the circuit is open: then it rejects at once, as the last question did. */
  readonly run: <Answer>(ask: () => Promise<Answer>) => Promise<Answer>;
  /** Throws what the last question was answered with while the circuit is open. */
  readonly check: () => void;
  /** For a part whose answers come another way than by `run`. */
  readonly answered: () => void;
  readonly failed: (cause: unknown) => void;
  readonly close: () => void;
};

export type CircuitOptions = {
  /** Asks the part in the background while the circuit is open; the first answer closes it. Needs a deadline of its own. */
  readonly probe: () => Promise<unknown>;
  /** Whether an error means that the part did not answer; one that it answered with says that it is there. */
  readonly isSilence: (error: unknown) => boolean;
  readonly onChange?: (state: "open" | "closed") => void;
  /** How many questions in a row have to stay without an answer. */
  readonly failures?: number;
  /** Milliseconds between two probes. */
  readonly pause?: number;
};

/**
 * Opens after a few questions in a row without an answer. Nobody's question is the probe: while it is open a timer asks.
 * Only silence counts, so that nobody opens it by a question that is answered with an error.
 */
export function createCircuit({
  probe,
  isSilence,
  onChange = () => undefined,
  failures = FAILURES,
  pause = PAUSE,
}: CircuitOptions): Circuit {
  let inARow = 0;
  let open: { readonly cause: unknown } | null = null;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const answered = () => {
    inARow = 0;
    if (!open) return;
    open = null;
    clearTimeout(timer);
    onChange("closed");
  };
  const probeLater = () => {
    if (closed) return;
    timer = setTimeout(() => {
      probe().then(answered, (error: unknown) => {
        if (!isSilence(error)) answered();
        else if (open) probeLater();
      });
    }, pause).unref();
  };
  const failed = (cause: unknown) => {
    inARow += 1;
    if (open || inARow < failures) return;
    open = { cause };
    onChange("open");
    probeLater();
  };
  const check = () => {
    if (open) throw open.cause;
  };
  return {
    run: async (ask) => {
      check();
      try {
        const answer = await ask();
        answered();
        return answer;
      } catch (error) {
        if (isSilence(error)) failed(error);
        else answered();
        throw error;
      }
    },
    check,
    answered,
    failed,
    close: () => {
      closed = true;
      clearTimeout(timer);
    },
  };
}
