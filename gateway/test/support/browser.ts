import { parseSetCookie } from "cookie";
import { holdAgainstContract } from "./contract.ts";

export type BrowserRequest = {
  readonly method?: string;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

/**
 * A browser as far as HTTP goes: keeps cookies, follows no redirect, sends what a same-origin
 * fetch sends, and holds every answer of the gateway's API against docs/openapi.yaml.
 */
export type TestBrowser = {
  readonly origin: string;
  readonly cookies: Map<string, string>;
  readonly fetch: (path: string, request?: BrowserRequest) => Promise<Response>;
  /** POST with a JSON body. */
  readonly post: (path: string, json?: unknown) => Promise<Response>;
};

function keepCookies(cookies: Map<string, string>, response: Response): void {
  for (const line of response.headers.getSetCookie()) {
    const { name, maxAge, expires } = parseSetCookie(line);
    const value = line.slice(line.indexOf("=") + 1).split(";", 1)[0];
    const gone = maxAge === 0 || (expires !== undefined && expires.getTime() <= Date.now());
    if (gone || !value) cookies.delete(name);
    else cookies.set(name, value);
  }
}

export function createBrowser(origin: string): TestBrowser {
  const cookies = new Map<string, string>();
  const send: TestBrowser["fetch"] = async (path, { method = "GET", json, headers = {} } = {}) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(new URL(path, origin), {
      method,
      redirect: "manual",
      headers: {
        accept: "application/json",
        ...(cookie && { cookie }),
        ...(method !== "GET" && { origin, "sec-fetch-site": "same-origin" }),
        ...(json !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
    });
    keepCookies(cookies, response);
    await holdAgainstContract(method, path, response);
    return response;
  };
  return { origin, cookies, fetch: send, post: (path, json = {}) => send(path, { method: "POST", json }) };
}
