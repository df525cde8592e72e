import { useSyncExternalStore } from "react";

let message = "";
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Has screen readers say something that has no place of its own in the page. */
export function announce(text: string): void {
  // A repeated sentence must differ to be said again.
  message = text === message ? `${text}\u00a0` : text;
  for (const listener of listeners) listener();
}

/** The one place announcements go to; drawn once, for all pages. */
export function LiveRegion() {
  const text = useSyncExternalStore(subscribe, () => message);
  return (
    <p className="visually-hidden" role="status" aria-live="polite" data-live-region="">
      {text}
    </p>
  );
}
