/** What takes text in order; `flush` has it write what it still holds. */
export type TextSink = { readonly write: (text: string) => unknown; readonly flush: () => void };

export type BatchLimits = {
  /** Characters from which on lines go out. */
  readonly length: number;
  /** Milliseconds fewer may wait. */
  readonly wait: number;
};

export type LineBatches = {
  readonly write: (line: string) => void;
  /** Gives the sink what waits, at once. */
  readonly handOn: () => void;
};

/** Gathers lines and hands them on together, in their order: to a stream a line costs more than to make it. */
export function createLineBatches(sink: TextSink, { length, wait }: BatchLimits): LineBatches {
  let waiting = "";
  let timer: NodeJS.Timeout | undefined;
  const handOn = () => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting === "") return;
    const text = waiting;
    waiting = "";
    sink.write(text);
  };
  const waited = () => {
    handOn();
    sink.flush();
  };
  return {
    write: (line) => {
      waiting += line;
      if (waiting.length >= length) handOn();
      else timer ??= setTimeout(waited, wait).unref();
    },
    handOn,
  };
}
