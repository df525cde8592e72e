import type { Config } from "../../src/config.ts";
import { SESSION_PREFIX } from "../../src/sessions/passkey-session.ts";
import { readSessionId } from "../../src/sessions/session-cookie.ts";
import type { TestBrowser } from "./browser.ts";

/** Where Redis has the gateway's own session that a browser holds. */
export function sessionKey({ cookies }: TestBrowser, { cookieName, secrets }: Config["session"]): string {
  return SESSION_PREFIX + readSessionId(`${cookieName}=${cookies.get(cookieName)}`, cookieName, secrets);
}
