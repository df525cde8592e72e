import type { z } from "zod";
import type { Finding } from "./finding.ts";
import type { YamlDocument } from "./yaml-document.ts";

const KINDS: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "members, such as name: value",
};

/** How every value is looked at: zod's own words are a programmer's. */
export const IN_WORDS: z.core.ParseContext<z.core.$ZodIssue> = {
  error: (issue) => {
    if (issue.input === undefined) return "is missing";
    if (issue.code === "invalid_type") return `needs ${KINDS[issue.expected] ?? issue.expected}`;
    if (issue.code === "invalid_value") return `needs one of ${issue.values.join(", ")}`;
    return undefined;
  },
};

/** `rule "admin": path.prefix` instead of `rules.3.path.prefix`. */
function subjectOf(path: readonly PropertyKey[], nameOf: (rule: number) => string): string {
  const [first, second, ...rest] = path;
  const isRule = first === "rules" && typeof second === "number";
  const steps = (isRule ? rest : path).map((step) => (typeof step === "number" ? `[${step + 1}]` : `.${String(step)}`));
  const member = steps.join("").replace(/^\./, "");
  return [isRule ? nameOf(second) : "", member].filter((part) => part !== "").join(": ");
}

const stepInto = (within: unknown, step: PropertyKey): unknown =>
  typeof within === "object" && within !== null && Object.hasOwn(within, step) ? Reflect.get(within, step) : undefined;

const valueAt = (value: unknown, path: readonly PropertyKey[]) => path.reduce<unknown>(stepInto, value);

/** What a rule is called in findings: by its name, or by its place in the list. */
export function ruleLabel(value: unknown, rule: number): string {
  const name = valueAt(value, ["rules", rule, "name"]);
  return typeof name === "string" && name !== "" ? `rule "${name.slice(0, 64)}"` : `rule ${rule + 1}`;
}

/** A fault of the value at a path of the file. */
export function findingAt(
  document: Pick<YamlDocument, "value" | "at">,
  path: readonly PropertyKey[],
  message: string,
): Finding {
  const subject = subjectOf(path, (rule) => ruleLabel(document.value, rule));
  const text = subject === "" ? `the file: ${message}` : `${subject}: ${message}`;
  return { severity: "fault", ...document.at(path), message: text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, "·") };
}

/**
 * The path as it is written: `require: aal2` is short for a list of one member. What is not known is no part of it, since
 * the message names it.
 */
function writtenPath(value: unknown, path: readonly PropertyKey[], issue: z.core.$ZodIssue): readonly PropertyKey[] {
  const written: PropertyKey[] = [];
  let within = value;
  for (const step of issue.code === "custom" && issue.params?.unknown === true ? path.slice(0, -1) : path) {
    if (typeof step === "number" && !Array.isArray(within)) continue;
    if (typeof within !== "object" || within === null) break;
    written.push(step);
    within = stepInto(within, step);
  }
  return written;
}

/** @param base where the value that was looked at stands in the file. */
export function findingsOf(
  document: Pick<YamlDocument, "value" | "at">,
  issues: readonly z.core.$ZodIssue[],
  base: readonly PropertyKey[] = [],
): Finding[] {
  return issues.map((issue) => {
    const path = [...base, ...issue.path];
    const { line, column } = document.at(path);
    return { ...findingAt(document, writtenPath(document.value, path, issue), issue.message), line, column };
  });
}
