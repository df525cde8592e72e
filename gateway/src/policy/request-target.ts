/** A request's path and query as the decision and the upstream both see them. */
export type RequestTarget = {
  /** Normalised (RFC 3986, section 6.2.2): begins with one slash, no dot segment, no empty segment within. */
  readonly path: string;
  /** With its question mark, byte for byte; empty when there is none. */
  readonly query: string;
};

/** What one parser reads as an end or nothing at all, and another as a part of a name; URIs are ASCII. */
const TRICKS = /#|[^!-~]/;
/** Encoded slashes and backslashes, and controls such as NUL. */
const ENCODED_TRICKS = /%(2f|5c|[01][0-9a-f]|7f)/i;
const BAD_ENCODING = /%(?![0-9a-f]{2})/i;
const ENCODED = /%[0-9a-f]{2}/gi;
const UNRESERVED = /[A-Za-z0-9\-._~]/;

/** Most paths: no character that means anything but itself, and no segment that begins with a dot. */
const PLAIN = /^(?:\/[A-Za-z0-9\-_~][A-Za-z0-9\-._~]*)+\/?$/;

/** The path of a request target in origin or absolute form (RFC 9112, section 3.2); the authority is not looked at. */
function originForm(text: string): string | null {
  if (text.startsWith("/")) return text;
  const absolute = /^https?:\/\/[^/?#\\]+/i.exec(text);
  if (!absolute) return null;
  const rest = text.slice(absolute[0].length);
  return rest.startsWith("/") ? rest : `/${rest}`;
}

/** Unreserved characters need no encoding; the other octets keep theirs, in upper case. */
function evenOut(path: string): string {
  return path.replace(ENCODED, (octet) => {
    const character = String.fromCharCode(Number.parseInt(octet.slice(1), 16));
    return UNRESERVED.test(character) ? character : octet.toUpperCase();
  });
}

/** `..;x=1` is a dot segment to servers that take path parameters off first. */
const isDotSegment = (segment: string) => /^\.{1,2}(;|$)/.test(segment);

/** Whether every encoded octet belongs to UTF-8: others are read differently by everyone. */
function isUtf8(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

/** A path as it was written: why others behind could read it otherwise, or null. */
function rawPathFault(raw: string): string | null {
  if (raw.startsWith("//")) return "begins with two slashes, which can mean a host";
  // In a query, where browsers leave it as it is, it separates nothing.
  if (raw.includes("\\")) return "has a backslash";
  if (BAD_ENCODING.test(raw)) return "has a percent sign without two hexadecimal digits";
  if (ENCODED_TRICKS.test(raw)) return "has an encoded slash, backslash or control";
  return isUtf8(raw) ? null : "encodes what is not UTF-8";
}

/** The target, or in words why there is none. */
function readOrExplain(text: string): RequestTarget | string {
  const target = originForm(text);
  if (target === null) return "is no path";
  if (TRICKS.test(target)) return "has a #, a space or another character that has to be encoded";
  const end = target.indexOf("?");
  const raw = end === -1 ? target : target.slice(0, end);
  const fault = rawPathFault(raw);
  if (fault !== null) return fault;
  const path = evenOut(raw).replace(/\/{2,}/g, "/");
  if (path.split("/").some(isDotSegment)) return "has a dot segment (. or ..)";
  return { path, query: end === -1 ? "" : target.slice(end) };
}

/**
 * Reads a request target so that nobody behind can read it otherwise.
 * @param text as the client wrote it.
 * @returns null for encoded separators, dot segments, backslashes, NUL and other controls, bad percent-encoding, an
 *   authority in place of the path (`//host`), characters that no URI has, and what is no path at all.
 */
export function readRequestTarget(text: string): RequestTarget | null {
  if (PLAIN.test(text)) return { path: text, query: "" };
  const read = readOrExplain(text);
  return typeof read === "string" ? null : read;
}

/** Why readRequestTarget does not read a text, to be put behind "it"; null: it does. */
export function targetFault(text: string): string | null {
  const read = readOrExplain(text);
  return typeof read === "string" ? read : null;
}
