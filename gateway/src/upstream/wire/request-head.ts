import { Problem } from "../../errors.ts";

export type TargetRequest = {
  readonly method: string;
  readonly path: string;
  /** Names and values in turn, Host and the body's framing among them. */
  readonly headers: readonly string[];
};

/** RFC 9110, section 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** What would end a line or a header, or is no octet. */
const NO_TARGET = /[^\u0021-\u00ff]/;
const NO_VALUE = /[^\t\u0020-\u007e\u0080-\u00ff]/;

const unwritable = (what: string) =>
  new Problem("invalid_request", { cause: new TypeError(`the ${what} cannot be written as HTTP`) });

/**
 * The head of a request as it goes over the wire (RFC 9112, sections 2 and 3), one character an octet; names keep their
 * case and order.
 * @throws Problem invalid_request for what could be read as another line or another header.
 */
export function requestHead({ method, path, headers }: TargetRequest): string {
  if (!TOKEN.test(method)) throw unwritable("method");
  if (path === "" || NO_TARGET.test(path)) throw unwritable("target");
  let head = `${method} ${path} HTTP/1.1\r\n`;
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? "";
    const value = headers[i + 1] ?? "";
    if (!TOKEN.test(name) || NO_VALUE.test(value)) throw unwritable("header");
    head += `${name}: ${value}\r\n`;
  }
  return `${head}Connection: keep-alive\r\n\r\n`;
}
