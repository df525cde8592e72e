import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { CHECKOUT } from "../checkout.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export type ComposeService = {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly target: string };
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly env_file?: readonly string[];
  readonly ports?: readonly string[];
  readonly networks?: readonly string[] | Readonly<Record<string, unknown>>;
  readonly volumes?: readonly (string | { readonly type: string; readonly source: string; readonly target: string })[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly restart?: string;
  readonly read_only?: boolean;
  readonly security_opt?: readonly string[];
  readonly working_dir?: string;
};

export type ComposeFile = {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};

/** The end of the expression that begins at `start`, just behind `${`: the index of its closing brace. */
function closingBrace(text: string, start: number): number {
  let depth = 1;
  for (let index = start; index < text.length; index++) {
    if (text.startsWith("${", index)) depth += 1;
    if (text[index] === "}") depth -= 1;
    if (depth === 0) return index;
  }
  throw new Error(`unclosed variable in ${text}`);
}

function resolveVariable(expression: string, environment: Environment): string {
  const match = /^(\w+)(?::([-?])(.*))?$/s.exec(expression);
  if (!match) throw new Error(`this form of variable is not used here: ${expression}`);
  const [, name = "", operator, argument = ""] = match;
  const value = environment[name];
  if (value) return value;
  if (operator === "?") throw new Error(`${name} is required: ${argument}`);
  return operator === "-" ? interpolate(argument, environment) : "";
}

/**
 * Puts variables into a text as compose does (Compose Specification, "Interpolation"), for the forms used here:
 * `${NAME}`, `${NAME:-default}` (nested as well), `${NAME:?message}` and `$$`.
 * @throws Error when a required variable is missing.
 */
export function interpolate(text: string, environment: Environment): string {
  let result = "";
  for (let index = 0; index < text.length; index++) {
    if (text.startsWith("$$", index)) {
      result += "$";
      index += 1;
    } else if (text.startsWith("${", index)) {
      const end = closingBrace(text, index + 2);
      result += resolveVariable(text.slice(index + 2, end), environment);
      index = end;
    } else {
      result += text[index];
    }
  }
  return result;
}

function interpolateAll(value: unknown, environment: Environment): unknown {
  if (typeof value === "string") return interpolate(value, environment);
  if (Array.isArray(value)) return value.map((entry) => interpolateAll(entry, environment));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, interpolateAll(entry, environment)]));
}

/** A compose file of this checkout, its anchors and merges resolved, its variables as they stand. */
export function readRawCompose(file: string): unknown {
  return parse(readFileSync(join(CHECKOUT, file), "utf8"), { merge: true });
}

/** A compose file of this checkout as compose sees it with this environment. */
export function readCompose(file: string, environment: Environment): ComposeFile {
  return interpolateAll(readRawCompose(file), environment) as ComposeFile;
}
