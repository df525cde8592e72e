/** Where the string that begins at `start` ends; -1: nowhere. */
function endOfString(json: string, start: number): number {
  for (let at = start + 1; at < json.length; at += 1) {
    if (json[at] === '"') return at;
    if (json[at] === "\\") at += 1;
  }
  return -1;
}

/** Of a JSON text: the innermost open object's names, and the string read last, which a colon makes a name. */
type Reading = { readonly open: (Set<string> | null)[]; last: string; repeated: boolean };

/** `"\u0061"` and `"a"` are one name. A text that is none is for the parser to refuse. */
function nameOf(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}

function readMark(mark: string | undefined, reading: Reading): void {
  if (mark === "{") reading.open.push(new Set());
  else if (mark === "[") reading.open.push(null);
  else if (mark === "}" || mark === "]") reading.open.pop();
  else if (mark === ":") {
    const names = reading.open.at(-1);
    const name = nameOf(reading.last);
    if (names?.has(name)) reading.repeated = true;
    names?.add(name);
  }
}

/**
 * Whether an object in a JSON text has a member twice, which JSON.parse hides by keeping the last: two parts that read
 * such a text may each see another value (RFC 8259, section 4).
 * @param json a JSON text; for anything else the answer means nothing.
 */
export function hasRepeatedMember(json: string): boolean {
  const reading: Reading = { open: [], last: "", repeated: false };
  for (let at = 0; at < json.length && !reading.repeated; at += 1) {
    if (json[at] !== '"') {
      readMark(json[at], reading);
      continue;
    }
    const end = endOfString(json, at);
    if (end < 0) return false;
    reading.last = json.slice(at, end + 1);
    at = end;
  }
  return reading.repeated;
}
