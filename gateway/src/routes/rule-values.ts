import { METHODS } from "node:http";
import { z } from "zod";
import { duration, serviceUrl } from "../config-values.ts";
import { didYouMean } from "./did-you-mean.ts";

const SIZE = /^(\d{1,12})(B|kB|KB|MB|GB|KiB|MiB|GiB)?$/;
const SIZES = { B: 1, kB: 1e3, KB: 1e3, MB: 1e6, GB: 1e9, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 } as const;
const DAY = 86_400_000;

/** An object with these members and no others; each unknown one is an issue of its own, at its own place. */
export function members<T extends z.ZodRawShape>(shape: T, otherwise?: string) {
  const names = Object.keys(shape);
  return z.looseObject(shape, otherwise).superRefine(
    (value, context) => {
      for (const name of Object.keys(value)) {
        if (names.includes(name)) continue;
        const message = `${name} is not known${didYouMean(name, names)}`;
        context.addIssue({ code: "custom", path: [name], params: { unknown: true }, message });
      }
    },
    { when: ({ value }) => typeof value === "object" && value !== null && !Array.isArray(value) },
  );
}

/** YAML reads `30` as a number and `30s` as text. */
const textOrNumber = (what: string) =>
  z.union([z.string(), z.number().int().nonnegative().transform(String)], { error: `needs ${what}` });

/** A duration from one second to a day, in milliseconds. */
export function time() {
  const text = textOrNumber("a duration such as 30s, 15m or 24h");
  return text
    .pipe(duration())
    .refine((length) => length >= 1_000 && length <= DAY, "needs 1s at least and 24h at most");
}

/** A duration of whole seconds, in seconds. */
export function seconds() {
  return time()
    .refine((length) => length % 1_000 === 0, "needs whole seconds")
    .transform((length) => length / 1_000);
}

/** A size such as `512B`, `64KiB`, `10MB`; a bare number counts bytes. */
export function size() {
  return textOrNumber("a size such as 64KiB or 10MB").transform((text, context) => {
    const [, digits, unit = "B"] = SIZE.exec(text.trim()) ?? [];
    if (digits !== undefined) return Number(digits) * SIZES[unit as keyof typeof SIZES];
    context.addIssue({ code: "custom", message: `${text} is no size: write 512B, 64KiB, 10MB …` });
    return z.NEVER;
  });
}

/** A name of a rule, an upstream or a role's kind: it becomes a part of counters, logs and command lines. */
export function name() {
  return z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
      "needs a name of letters, digits, dot, dash and underscore, at most 64",
    );
}

const LABELS = /^(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*$/;
const ADDRESS = /^\[[0-9a-f:.]+\]$/;

/** What is wrong with a host of a rule; null: nothing. */
function hostFault(text: string): string | null {
  if (LABELS.test(text) || ADDRESS.test(text)) return null;
  if (text.includes("/")) return `${text}: needs the host alone, without scheme and path`;
  if (/:\d*$/.test(text)) return `${text}: needs the host without its port`;
  if (text !== text.toLowerCase()) return `${text}: write ${text.toLowerCase()}`;
  if (text.includes("*")) return `${text}: * stands for one whole label in front, as in *.example.com`;
  if (/[^\p{ASCII}]/u.test(text)) return `${text}: needs the name as browsers send it (xn--…)`;
  return `${text}: is no host name`;
}

/** A host, or `*.` and one. */
export function host() {
  return z.string().superRefine((text, context) => {
    const fault = hostFault(text);
    if (fault) context.addIssue({ code: "custom", message: fault });
  });
}

const KNOWN_METHODS = METHODS.filter((method) => method !== "CONNECT" && method !== "TRACE");

/** A method of HTTP that can come to a rule. */
export function method() {
  return z.string().superRefine((text, context) => {
    if (KNOWN_METHODS.includes(text)) return;
    const why =
      text === "CONNECT" || text === "TRACE"
        ? "the gateway refuses it, so no rule is for it"
        : `is no method${didYouMean(text, ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])}`;
    context.addIssue({ code: "custom", message: `${text}: ${why}` });
  });
}

/** An application's address: http or https, without what would never be sent there. */
export function upstreamUrl() {
  return serviceUrl(["http:", "https:"]).refine(
    ({ username, password, search, hash }) => !username && !password && !search && !hash,
    "needs an address without user, password, query and fragment",
  );
}
