/** Well above what the work takes, so that nearly every answer leaves at the first tick, and still quick for a person. */
const QUANTUM = 100;

const tick = (quantum: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, quantum);
  });

/**
 * Does work whose time would tell what it found, and settles only at a multiple of the quantum after the call.
 * The ticks run from the beginning and take no notice of the work: an answer and a refusal, both wait.
 * Bad input tells nothing: read the body before.
 * @param quantum milliseconds between the ticks; choose it longer than the work usually takes.
 * @returns what the work returned.
 * @throws what the work threw.
 */
export async function answerInEqualTime<T>(work: () => Promise<T>, quantum = QUANTUM): Promise<T> {
  let settled = false;
  const note = () => {
    settled = true;
  };
  const result = work();
  result.then(note, note);
  do await tick(quantum);
  while (!settled);
  return result;
}

/**
 * The same where only a refusal would tell: what succeeds is answered at once.
 * @returns what the work returned.
 * @throws what the work threw, at a multiple of the quantum after the call.
 */
export function refuseInEqualTime<T>(work: () => Promise<T>, quantum = QUANTUM): Promise<T> {
  const result = work();
  const late = answerInEqualTime(() => result, quantum);
  return result.catch(() => late);
}
