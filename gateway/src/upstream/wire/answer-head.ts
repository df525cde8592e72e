/** An answer's status line and headers. */
export type AnswerHead = {
  readonly status: number;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  /** What follows for a method and status that have a body: so many bytes, chunks, or all until the connection ends. */
  readonly framing: number | "chunked" | "until-close";
  /** Milliseconds its connection may be kept idle afterwards; 0: not at all. */
  readonly keepFor: number;
};

/**
 * A whole head (RFC 9112, sections 4 and 5), strictly: CR LF ends a line and nothing else does, no line is folded, no
 * space stands before a colon, no control character in a value.
 */
const FORM =
  /^HTTP\/1\.[01] \d{3}(?: [\t\x20-\x7e\x80-\xff]*)?(?:\r\n[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*)*$/;

/** A server closes an idle connection at the moment it told: asked a moment before, it would still be reset. */
const MARGIN = 1_000;

type Framing = { lengths: string[]; codings: string[]; connection: string; keepAlive: string };

/** By its length first, as hardly any header is of these. */
function noteFraming(noted: Framing, name: string, value: string): void {
  if (name.length !== 10 && name.length !== 14 && name.length !== 17) return;
  const key = name.toLowerCase();
  if (key === "content-length") noted.lengths.push(value);
  else if (key === "transfer-encoding") noted.codings.push(value);
  else if (key === "connection") noted.connection += `,${value}`;
  else if (key === "keep-alive") noted.keepAlive = value;
}

/** RFC 9112, section 6.3. What two readers could frame differently is refused. */
function framingOf({ lengths, codings }: Framing): AnswerHead["framing"] {
  const [length] = lengths;
  if (lengths.length + codings.length > 1) throw new Error("the upstream framed its answer twice");
  if (length !== undefined) {
    if (!/^\d{1,15}$/.test(length)) throw new Error("the upstream's Content-Length is none");
    return Number(length);
  }
  if (codings.length === 0) return "until-close";
  if (codings[0]?.toLowerCase() !== "chunked") throw new Error("the upstream used an unknown transfer coding");
  return "chunked";
}

/** RFC 9112, section 9.3, and the customary `Keep-Alive: timeout=5`. */
function keptFor({ connection, keepAlive }: Framing, isOld: boolean): number {
  if (/,\s*close\s*(,|$)/i.test(connection)) return 0;
  if (isOld && !/,\s*keep-alive\s*(,|$)/i.test(connection)) return 0;
  const hint = /(?:^|[\s,])timeout=(\d{1,6})/i.exec(keepAlive)?.[1];
  return hint === undefined ? Number.POSITIVE_INFINITY : Math.max(0, Number(hint) * 1_000 - MARGIN);
}

const isBlank = (code: number) => code === 0x20 || code === 0x09;

/** Without the white space HTTP allows around a value; other characters that count as such are the value's. */
function valueIn(text: string, from: number, to: number): string {
  let [start, end] = [from, to];
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

/**
 * Reads an answer's head.
 * @param text one character an octet, without the empty line that ends it.
 * @throws Error for anything that is not plainly HTTP/1.
 */
export function readAnswerHead(text: string): AnswerHead {
  if (!FORM.test(text)) throw new Error("the upstream's answer is not HTTP");
  const rawHeaders: string[] = [];
  const noted: Framing = { lengths: [], codings: [], connection: "", keepAlive: "" };
  let end = text.indexOf("\r\n");
  while (end !== -1) {
    const start = end + 2;
    end = text.indexOf("\r\n", start);
    const colon = text.indexOf(":", start);
    const name = text.slice(start, colon);
    const value = valueIn(text, colon + 1, end === -1 ? text.length : end);
    rawHeaders.push(name, value);
    noteFraming(noted, name, value);
  }
  return {
    status: Number(text.slice(9, 12)),
    rawHeaders,
    framing: framingOf(noted),
    keepFor: keptFor(noted, text.startsWith("HTTP/1.0")),
  };
}
