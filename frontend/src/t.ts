import { TEXTS, type TextKey } from "./texts.ts";

export type TextValues = Readonly<Record<string, string | number>>;

const texts: Record<string, string> = { ...TEXTS };
let overrides: Readonly<Record<string, string>> = {};

/** Adds the words of a page that is loaded later. */
export function addTexts(more: Readonly<Record<string, string>>): void {
  Object.assign(texts, more);
}

/** Sets the operator's own words, by key; called once, before the first page is drawn. */
export function overrideTexts(texts: Readonly<Record<string, string>>): void {
  overrides = texts;
}

function fill(text: string, values: TextValues): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : whole,
  );
}

/**
 * The words for a key, the operator's where there are any.
 * @param values what stands for `{name}` in the text.
 */
export function t(key: TextKey, values: TextValues = {}): string {
  return fill(overrides[key] ?? texts[key] ?? key, values);
}

/** The words for a key made at run time, such as a Kratos message id; null when there are none. */
export function maybeText(key: string, values: TextValues = {}): string | null {
  const sources: readonly Readonly<Record<string, string>>[] = [overrides, texts];
  const text = sources.find((source) => Object.hasOwn(source, key))?.[key];
  return text === undefined ? null : fill(text, values);
}
