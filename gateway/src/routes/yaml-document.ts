import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from "yaml";
import type { Finding, Place } from "./finding.ts";

const MAX_DEPTH = 12;

/** A YAML text as plain values, and where each of them stands. */
export type YamlDocument = {
  /** Undefined where the text is not YAML at all. */
  readonly value: unknown;
  readonly findings: readonly Finding[];
  /** The place of a value; a missing one's is that of what it should be in. */
  readonly at: (path: readonly PropertyKey[]) => Place;
};

type Say = (offset: number, message: string) => void;

const offsetOf = (node: unknown): number | undefined =>
  typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range) ? node.range[0] : undefined;

const keyOf = ({ key }: Pair): string => (isScalar(key) ? String(key.value) : "");

function mapEntries(pairs: readonly Pair[], say: Say, depth: number): [string, unknown][] {
  const seen = new Set<string>();
  return pairs.map((pair) => {
    const key = keyOf(pair);
    const offset = offsetOf(pair.key) ?? 0;
    if (seen.has(key)) say(offset, `${key} is given twice`);
    if (key === "__proto__" || key === "<<") say(offset, `${key} is not supported`);
    seen.add(key);
    return [key, toValue(pair.value, say, depth + 1)];
  });
}

/** Aliases and anchors are refused: a short file could name very much with them, and rules are to be read as they are. */
function toValue(node: unknown, say: Say, depth = 0): unknown {
  if (depth > MAX_DEPTH) return say(offsetOf(node) ?? 0, "is nested too deeply");
  if (isAlias(node) || ((isMap(node) || isSeq(node) || isScalar(node)) && node.anchor)) {
    return say(offsetOf(node) ?? 0, "anchors and aliases (&, *) are not supported: write the value out");
  }
  if (isMap(node)) return Object.fromEntries(mapEntries(node.items, say, depth));
  if (isSeq(node)) return node.items.map((item) => toValue(item, say, depth + 1));
  return isScalar(node) ? node.value : null;
}

/** A member stands where its name does, an entry of a list where it begins. */
function placeOf(contents: Node | null, path: readonly PropertyKey[]): number {
  let node: unknown = contents;
  let offset = offsetOf(contents) ?? 0;
  for (const step of path) {
    const pair: Pair | undefined = isMap(node) ? node.items.find((item) => keyOf(item) === step) : undefined;
    const item: unknown = isSeq(node) && typeof step === "number" ? node.items[step] : undefined;
    if (!pair && item === undefined) return offset;
    offset = offsetOf(pair ? pair.key : item) ?? offset;
    node = pair ? pair.value : item;
  }
  return offset;
}

/**
 * Reads YAML 1.2, without anchors, aliases, tags and merge keys. Never throws: all that is wrong are findings.
 * @param text what may be any garbage.
 */
export function readYaml(text: string): YamlDocument {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, uniqueKeys: false, stringKeys: true, prettyErrors: false });
  const placeAt = (offset: number): Place => {
    const { line, col } = lineCounter.linePos(Math.min(offset, text.length));
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const findings: Finding[] = [];
  const say: Say = (offset, message) => void findings.push({ severity: "fault", ...placeAt(offset), message });
  for (const { pos, message } of [...document.errors, ...document.warnings]) say(pos[0], `not valid YAML: ${message}`);
  const value = document.errors.length === 0 ? toValue(document.contents, say) : undefined;
  return { value, findings, at: (path) => placeAt(placeOf(document.contents, path)) };
}
