import { randomBytes } from "node:crypto";
import type { TestBrowser } from "./browser.ts";

/** Test files share Redis: a prefix that no other uses. */
const PREFIX = `2001:db8:${randomBytes(2).toString("hex")}`;
let networks = 0;

/** A client address nobody had before, in a network (/64) of its own. */
export function nextAddress(): string {
  networks += 1;
  return `${PREFIX}:${networks.toString(16)}::1`;
}

/** The same browser, behind a trusted proxy that says where it is. */
export function at(browser: TestBrowser, address: string): TestBrowser {
  const fetch: TestBrowser["fetch"] = (path, request) =>
    browser.fetch(path, { ...request, headers: { "x-forwarded-for": address, ...request?.headers } });
  return { ...browser, fetch, post: (path, json = {}) => fetch(path, { method: "POST", json }) };
}
