export const METHODS = ["passkey", "password", "code"] as const;

/** A way in that the sign-in page offers. */
export type Method = (typeof METHODS)[number];

/** What is remembered of the last sign-in; `elsewhere`: its passkey was on a phone or a security key. */
export type LastSignIn = { readonly method: Method | null; readonly elsewhere: boolean };

const KEY = "passbridge:last-method";
const ELSEWHERE = ":elsewhere";

/** How the person last signed in on this browser, to offer that first. */
export function lastSignIn(): LastSignIn {
  try {
    const [name = "", ...rest] = (localStorage.getItem(KEY) ?? "").split(":");
    return { method: METHODS.find((method) => method === name) ?? null, elsewhere: rest.length > 0 };
  } catch {
    return { method: null, elsewhere: false };
  }
}

/** Remembers it; a browser without storage forgets. */
export function rememberMethod(method: Method, elsewhere = false): void {
  try {
    localStorage.setItem(KEY, elsewhere ? method + ELSEWHERE : method);
  } catch {
    // Only a convenience.
  }
}
