import { type Failure, readFailure } from "./failure.ts";

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export type ClientOptions = {
  /** Origin of the gateway; the page's own when left out. */
  baseUrl?: string;
  /** Stands in for the browser's fetch. */
  fetch?: Fetch;
};

export type CallOptions = { signal?: AbortSignal };

export type Exchange = CallOptions & {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  path: string;
  /** Sent as JSON. */
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
  /** Statuses besides 2xx that are an answer, not an error. */
  accept?: readonly number[];
};

export type Http = {
  /** Performs one exchange; resolves to an accepted response. */
  readonly send: (exchange: Exchange) => Promise<Response>;
  /** The address of a path, for what is not an exchange. */
  readonly urlOf: (path: string) => string;
  /** Reads the JSON body of an accepted response; its shape is the contract's promise. */
  readonly read: <T>(response: Response) => Promise<T>;
};

function toInit({ method, body, headers, signal }: Exchange): RequestInit {
  return {
    method,
    credentials: "same-origin",
    redirect: "error",
    headers: {
      Accept: "application/json, application/problem+json",
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  };
}

/**
 * Makes the exchanges with the gateway. Both functions reject with the error made of the failure, for a refusal, a body
 * that cannot be read and a gateway that cannot be reached; an abort rejects with the signal's reason.
 */
export function createHttp(options: ClientOptions, toError: (failure: Failure) => Error): Http {
  const base = (options.baseUrl ?? "").replace(/\/+$/, "");
  const fetchNow: Fetch = options.fetch ?? ((url, init) => fetch(url, init));

  async function send(exchange: Exchange): Promise<Response> {
    let response: Response;
    try {
      response = await fetchNow(base + exchange.path, toInit(exchange));
    } catch (cause) {
      exchange.signal?.throwIfAborted();
      throw toError({ code: "network_error", status: 0, detail: "The gateway could not be reached.", cause });
    }
    if (response.ok || exchange.accept?.includes(response.status)) return response;
    throw toError(await readFailure(response));
  }

  async function read<T>(response: Response): Promise<T> {
    try {
      return (await response.json()) as T;
    } catch (cause) {
      const detail = "The answer could not be read.";
      throw toError({ code: "unexpected_response", status: response.status, detail, cause });
    }
  }

  return { send, urlOf: (path) => base + path, read };
}
