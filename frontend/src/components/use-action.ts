import { useCallback, useRef, useState } from "react";

/**
 * Wraps an action so that a second call while it runs does nothing.
 * @returns the guarded action and whether it is under way. The action itself handles its errors.
 */
export function useAction<Arguments extends unknown[]>(
  action: (...values: Arguments) => Promise<void>,
): readonly [(...values: Arguments) => Promise<void>, boolean] {
  const [busy, setBusy] = useState(false);
  const running = useRef(false);
  const latest = useRef(action);
  latest.current = action;
  const run = useCallback(async (...values: Arguments) => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    try {
      await latest.current(...values);
    } finally {
      running.current = false;
      setBusy(false);
    }
  }, []);
  return [run, busy];
}
