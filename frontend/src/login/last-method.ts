export type Method = "passkey" | "password";

const KEY = "passbridge:last-method";

/** How the person last signed in on this browser, to offer that first. */
export function lastMethod(): Method | null {
  try {
    const value = localStorage.getItem(KEY);
    return value === "passkey" || value === "password" ? value : null;
  } catch {
    return null;
  }
}

/** Remembers it; a browser without storage forgets. */
export function rememberMethod(method: Method): void {
  try {
    localStorage.setItem(KEY, method);
  } catch {
    // Only a convenience.
  }
}
