/** The time as ISO 8601 text, made once a millisecond: a busy log asks more often. */
export function createLogClock(now: () => number = Date.now): () => string {
  let at = Number.NaN;
  let text = "";
  return () => {
    const time = now();
    if (time !== at) {
      at = time;
      text = new Date(time).toISOString();
    }
    return text;
  };
}
