/**
 * A value that may be there already. Awaiting does for both; what is asked of every request goes on at once where it is
 * there, because promises and their turns in the queue then cost more than the answer.
 */
export type Soon<Value> = Value | Promise<Value>;

/** Goes on with a value as soon as it is there. Throws or rejects as `next` does, and as the value rejects. */
export function whenThere<Value, Next>(value: Soon<Value>, next: (value: Value) => Soon<Next>): Soon<Next> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** The same with two values, which are on their way at the same time. */
export function whenBoth<One, Other, Next>(
  one: Soon<One>,
  other: Soon<Other>,
  next: (one: One, other: Other) => Soon<Next>,
): Soon<Next> {
  if (one instanceof Promise || other instanceof Promise)
    return Promise.all([one, other]).then((both) => next(...both));
  return next(one, other);
}

/** What was asked for, or what stands in where asking throws or rejects. */
export function orElse<Value, Other>(ask: () => Soon<Value>, other: (cause: unknown) => Other): Soon<Value | Other> {
  try {
    const value = ask();
    return value instanceof Promise ? value.catch(other) : value;
  } catch (cause) {
    return other(cause);
  }
}
