import { type Flow, type InputNode, isInput } from "../kratos/flow.ts";
import { maybeText } from "../t.ts";

const GROUPS = new Set(["default", "password", "profile"]);
const FIELD_TYPES = new Set(["text", "email", "tel", "url", "number", "date", "datetime-local", "checkbox"]);

export type TraitValue = string | boolean;
export type TraitValues = Readonly<Record<string, TraitValue>>;

/** The identity fields a flow asks for, in the schema's order: a new one in the schema appears by itself. */
export function traitNodes(flow: Flow): InputNode[] {
  const seen = new Set<string>();
  return flow.ui.nodes.filter((node): node is InputNode => {
    if (!isInput(node) || !GROUPS.has(node.group)) return false;
    const { name, type } = node.attributes;
    if (!name.startsWith("traits.") || !FIELD_TYPES.has(type) || seen.has(name)) return false;
    seen.add(name);
    return true;
  });
}

/** A field's label: the operator's own for its name, else the schema's title. */
export function traitLabel(node: InputNode): string {
  const { name } = node.attributes;
  return maybeText(`field.${name}`) ?? node.meta.label?.text ?? name.replace(/^traits\./, "");
}

/** The values a field may have, where the schema lists them (newer versions of Kratos say so). */
export function traitOptions(node: InputNode): string[] {
  const options: readonly { readonly value: unknown }[] = node.attributes.options ?? [];
  return options.map(({ value }) => String(value));
}

/** What the person typed, or else what Kratos has. */
export function traitValue(node: InputNode, values: TraitValues): TraitValue {
  const typed = values[node.attributes.name];
  if (typed !== undefined) return typed;
  const known: unknown = node.attributes.value;
  if (node.attributes.type === "checkbox") return known === true;
  return typeof known === "string" || typeof known === "number" ? String(known) : "";
}

function converted(node: InputNode, value: TraitValue): unknown {
  if (typeof value === "boolean") return value;
  const text = value.trim();
  const { type } = node.attributes;
  if (type === "number" && text !== "" && Number.isFinite(Number(text))) return Number(text);
  // The schema's date-time is RFC 3339; the browser's field knows no time zone and means the local one.
  return type === "datetime-local" && !Number.isNaN(Date.parse(text)) ? new Date(text).toISOString() : text;
}

function put(target: Map<string, unknown>, path: readonly string[], value: unknown): void {
  const [first, ...rest] = path;
  if (first === undefined) return;
  if (rest.length === 0) {
    target.set(first, value);
    return;
  }
  const inner = target.get(first);
  const next = inner instanceof Map ? (inner as Map<string, unknown>) : new Map<string, unknown>();
  target.set(first, next);
  put(next, rest, value);
}

function toObject(map: Map<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Array.from(map, ([key, value]) => [key, value instanceof Map ? toObject(value as Map<string, unknown>) : value]),
  );
}

/** The traits as Kratos takes them in JSON: nested by the dots of their names, empty optional ones left out. */
export function traitsBody(nodes: readonly InputNode[], values: TraitValues): Record<string, unknown> {
  const traits = new Map<string, unknown>();
  for (const node of nodes) {
    const value = converted(node, traitValue(node, values));
    if (value !== "") put(traits, node.attributes.name.split(".").slice(1), value);
  }
  return toObject(traits);
}
