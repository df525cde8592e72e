import { duration } from "../config-values.ts";
import { didYouMean } from "./did-you-mean.ts";
import { ANYONE_SIGNED_IN, type Imagined } from "./imagined-person.ts";

/** What `check-routes` is to look at: the file alone, or what becomes of a request. */
export type CheckArguments =
  | { readonly kind: "file" }
  | {
      readonly kind: "request";
      readonly method: string;
      /** Lower case, with the port as it was written; null: PUBLIC_URL's. */
      readonly host: string | null;
      /** Path and query as they were written: reading them otherwise than the gateway would miss what it refuses. */
      readonly target: string;
      readonly as: { readonly words: string; readonly person: Imagined } | undefined;
    };

/** What an operator reads: what is not understood, and what to write. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const USAGE = "Use ./manage.sh check-routes [METHOD URL [--as session,verified,aal2,passkey,roles=admin,age=5m]]";
const WORDS = ["nobody", "session", "verified", "aal2", "passkey", "roles", "age"];

const usage = (what: string) => new UsageError(`${what}\n→ ${USAGE}`);

function readWord(person: NonNullable<Imagined>, word: string): NonNullable<Imagined> {
  const [name = "", value] = word.split(/=(.*)/s, 2);
  if (name === "roles" && value) return { ...person, roles: [...person.roles, ...value.split("+")] };
  if (name === "age" && value) {
    const age = duration().safeParse(value);
    if (!age.success) throw usage(`age ${value}: needs a duration such as 5m.`);
    return { ...person, age: age.data };
  }
  if (word === "session") return person;
  if (word === "verified" || word === "aal2" || word === "passkey") return { ...person, [word]: true };
  throw usage(`--as does not know ${word}${didYouMean(name, WORDS)}.`);
}

function readPerson(words: string): Imagined {
  if (words === "nobody") return null;
  return words.split(",").reduce(readWord, ANYONE_SIGNED_IN);
}

function readUrl(url: string): { host: string | null; target: string } {
  const [, host, rest = ""] = /^https?:\/\/([^/?#\\]+)(.*)$/is.exec(url) ?? [];
  if (host === undefined && !url.startsWith("/")) throw usage(`${url} is no URL: write https://host/path or /path.`);
  if (host === undefined) return { host: null, target: url };
  return { host: host.toLowerCase(), target: rest === "" || rest.startsWith("?") ? `/${rest}` : rest };
}

/** `--as=aal2` is `--as aal2`. */
const spread = (words: readonly string[]) =>
  words.flatMap((word) => (word.startsWith("--as=") ? ["--as", word.slice("--as=".length)] : [word]));

/**
 * Reads the words behind `check-routes`.
 * @throws UsageError
 */
export function parseCheckArguments(words: readonly string[]): CheckArguments {
  if (words.length === 0) return { kind: "file" };
  const [method = "", url = "", option, as, surplus] = spread(words);
  const isUnclear = option !== undefined && (option !== "--as" || !as);
  if (url === "" || surplus !== undefined || isUnclear) throw usage("Which request is to be looked at, and whose?");
  if (!/^[A-Z]+$/.test(method)) throw usage(`${method} is no method: write GET, POST …`);
  const person = as === undefined ? undefined : { words: as, person: readPerson(as) };
  return { kind: "request", method, ...readUrl(url), as: person };
}
