const MEMORY = "passbridge:left";
const LOOP_WINDOW = 10_000;

/** Leaves the pages for an address of this origin by a full navigation. */
export function leave(to: string): void {
  window.location.assign(to);
}

let leaving = false;

/** Leaves once some work is done; what that work changes in the page does not send the person elsewhere meanwhile. */
export async function leaveAfter(work: () => Promise<void>, to: string): Promise<void> {
  leaving = true;
  try {
    await work();
    leave(to);
  } catch (error) {
    leaving = false;
    throw error;
  }
}

/**
 * Leaves by itself, without the person asking for it, unless that very move was made moments ago: then something
 * sends people back here, and going on would never end.
 * @returns false when it stayed.
 */
export function leaveOnce(to: string): boolean {
  if (leaving) return true;
  const now = Date.now();
  try {
    const last: unknown = JSON.parse(sessionStorage.getItem(MEMORY) ?? "null");
    if (Array.isArray(last) && last[0] === to && typeof last[1] === "number" && now - last[1] < LOOP_WINDOW)
      return false;
    sessionStorage.setItem(MEMORY, JSON.stringify([to, now]));
  } catch {
    // Without storage there is no memory of it; going on is right more often than not.
  }
  leave(to);
  return true;
}
