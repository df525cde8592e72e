import { parseSetCookie } from "cookie";
import { request as send } from "undici";
import { holdAgainstContract } from "./contract.ts";
import { noteSecrets } from "./run-log.ts";

export type BrowserRequest = {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

/**
 * A browser as far as HTTP goes: keeps cookies, follows no redirect, sends what a same-origin fetch sends, and holds
 * every answer of the gateway's API against docs/openapi.yaml.
 */
export type TestBrowser = {
  readonly origin: string;
  readonly cookies: Map<string, string>;
  readonly fetch: (path: string, request?: BrowserRequest) => Promise<Response>;
  /** POST with a JSON body. */
  readonly post: (path: string, json?: unknown) => Promise<Response>;
};

const NO_BODY = [204, 304];

const jsonOf = (response: Response): Promise<unknown> =>
  response
    .clone()
    .json()
    .catch(() => null);

/** Takes in what Set-Cookie lines say. */
export function keepCookies(cookies: Map<string, string>, lines: readonly string[]): void {
  for (const line of lines) {
    const { name, maxAge, expires } = parseSetCookie(line);
    const value = line.slice(line.indexOf("=") + 1).split(";", 1)[0];
    const gone = maxAge === 0 || (expires !== undefined && expires.getTime() <= Date.now());
    if (gone || !value) cookies.delete(name);
    else {
      cookies.set(name, value);
      noteSecrets({ secret: value });
    }
  }
}

/** The Cookie header a browser sends; "" without any. */
export const cookieHeader = ({ cookies }: Pick<TestBrowser, "cookies">) =>
  [...cookies].map((pair) => pair.join("=")).join("; ");

function headersOf(browser: Pick<TestBrowser, "origin" | "cookies">, { method, json, headers }: BrowserRequest) {
  const cookie = cookieHeader(browser);
  return {
    accept: "application/json",
    ...(cookie && { cookie }),
    ...(method !== "GET" && { origin: browser.origin, "sec-fetch-site": "same-origin" }),
    ...(json !== undefined && { "content-type": "application/json" }),
    ...headers,
  };
}

/** A body, read whole; of a stream of events what comes until the first one is complete. */
async function textOf({ headers, body }: Awaited<ReturnType<typeof send>>): Promise<string> {
  if (!String(headers["content-type"]).startsWith("text/event-stream")) return body.text();
  let text = "";
  for await (const chunk of body) {
    text += String(chunk);
    if (/^data: .*\n\n/m.test(text)) break;
  }
  return text;
}

/** Not by the global fetch: that writes Sec-Fetch-Mode itself, and a page load is told by it. */
async function exchange(url: URL, request: Required<Pick<BrowserRequest, "method">> & BrowserRequest, headers: object) {
  const answer = await send(url, {
    method: request.method,
    headers: Object.entries(headers).flat(),
    body: request.json === undefined ? null : JSON.stringify(request.json),
  });
  const body = await textOf(answer);
  const made = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) {
    for (const line of [value ?? []].flat()) made.append(name, line);
  }
  return new Response(NO_BODY.includes(answer.statusCode) ? null : body, { status: answer.statusCode, headers: made });
}

/**
 * @param cookies what another one holds, to share it.
 * @param address where the next request goes, as a load balancer before the origin would send it.
 */
export function createBrowser(
  origin: string,
  cookies = new Map<string, string>(),
  address: () => string = () => origin,
): TestBrowser {
  const go: TestBrowser["fetch"] = async (path, { method = "GET", ...rest } = {}) => {
    const request = { method, ...rest };
    const headers = { host: new URL(origin).host, ...headersOf({ origin, cookies }, request) };
    const response = await exchange(new URL(path, address()), request, headers);
    keepCookies(cookies, response.headers.getSetCookie());
    noteSecrets([rest.json, await jsonOf(response)]);
    await holdAgainstContract(method, path, response);
    return response;
  };
  return { origin, cookies, fetch: go, post: (path, json = {}) => go(path, { method: "POST", json }) };
}
