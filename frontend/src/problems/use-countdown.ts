import { useCallback, useEffect, useState } from "react";

const SECOND = 1_000;

/**
 * Counts down to a moment by the clock, so that a sleeping tab does not lose time.
 * @returns the seconds left (0 when over) and a function that starts it.
 */
export function useCountdown(initialSeconds = 0): readonly [number, (seconds: number) => void] {
  const [end, setEnd] = useState(() => Date.now() + initialSeconds * SECOND);
  const [left, setLeft] = useState(initialSeconds);
  useEffect(() => {
    const tick = () => setLeft(Math.max(0, Math.ceil((end - Date.now()) / SECOND)));
    tick();
    if (end <= Date.now()) return;
    const timer = window.setInterval(() => {
      tick();
      if (end <= Date.now()) window.clearInterval(timer);
    }, SECOND / 4);
    return () => window.clearInterval(timer);
  }, [end]);
  const start = useCallback((seconds: number) => {
    setLeft(Math.ceil(seconds));
    setEnd(Date.now() + seconds * SECOND);
  }, []);
  return [left, start];
}
