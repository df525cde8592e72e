import { RE2JS } from "re2js";
import { z } from "zod";
import { readRequestTarget, targetFault } from "../policy/request-target.ts";
import type { PathPattern } from "../policy/route-rule.ts";
import { members } from "./rule-values.ts";

const MAX_EXPRESSION = 1_000;

/** Why no request's path could ever equal or lie below this one; null: it could. */
export function pathFault(text: string, kind: "prefix" | "exact"): string | null {
  if (!text.startsWith("/")) return `${text}: needs a leading slash`;
  if (/[?#]/.test(text)) return `${text}: needs the path alone; rules do not look at queries`;
  if (text.includes(";")) return `${text}: parameters (;…) are taken off a path before rules are compared with it`;
  if (/[^\p{ASCII}]/u.test(text)) return `${text}: needs the path as it is sent: ${encodeURI(text.toWellFormed())}`;
  const read = readRequestTarget(text);
  if (!read) {
    return `${text}: could never match, since requests for it are refused: it ${targetFault(text)}`;
  }
  if (read.path !== text) return `${text}: could never match, since paths are normalised first: write ${read.path}`;
  if (kind === "prefix" && text !== "/" && text.endsWith("/")) {
    return `${text}: a prefix ends where a segment does: write ${text.slice(0, -1)}, which is for ${text.slice(0, -1)} as well`;
  }
  return null;
}

/** RE2's own words, without the label it puts before them. */
function expressionFault(error: unknown): string {
  const why = (error instanceof Error ? error.message : String(error)).replace(/^error parsing regexp: /, "");
  const hint = /\(\?<?[=!]|\\[1-9]/.test(why) ? " (RE2 has no look-arounds and back-references)" : "";
  return `is no regular expression of RE2: ${why}${hint}`;
}

/** @returns a function that says whether an expression is a whole path's, or why it is none. */
function compile(source: string, ignoreCase: boolean): ((path: string) => boolean) | string {
  if (source.length > MAX_EXPRESSION) return `is longer than ${MAX_EXPRESSION} characters`;
  if (/^\^?[\w%~-]/.test(source)) return `${source}: could never match, since every path begins with a slash`;
  try {
    const expression = RE2JS.compile(source, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
    return (path) => expression.testExact(path);
  } catch (error) {
    return expressionFault(error);
  }
}

type Written = { readonly prefix?: string | undefined; readonly exact?: string | undefined };

function plainPattern({ prefix, exact }: Written): Exclude<PathPattern, { kind: "regex" }> {
  return prefix === undefined ? { kind: "exact", path: exact ?? "/" } : { kind: "prefix", path: prefix };
}

/** The path of a rule: `{ prefix }`, `{ exact }` or `{ regex }`. */
export function pathPattern(ignoreCase: boolean) {
  const text = z.string().max(2_000, "is longer than 2000 characters").optional();
  return members({ prefix: text, exact: text, regex: text }).transform((written, context): PathPattern => {
    const { prefix, exact, regex } = written;
    const fail = (path: string[], message: string) => {
      context.addIssue({ code: "custom", path, message });
      return z.NEVER;
    };
    if ([prefix, exact, regex].filter((member) => member !== undefined).length !== 1) {
      return fail([], "needs one of prefix, exact and regex");
    }
    if (regex !== undefined) {
      const test = compile(regex, ignoreCase);
      return typeof test === "string" ? fail(["regex"], test) : { kind: "regex", source: regex, test };
    }
    const pattern = plainPattern(written);
    const fault = pathFault(pattern.path, pattern.kind);
    return fault === null ? pattern : fail([pattern.kind], fault);
  });
}
