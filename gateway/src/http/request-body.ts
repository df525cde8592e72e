import { z } from "zod";
import { Problem } from "../errors.ts";

const MAX_DEPTH = 12;
const HOSTILE_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** JSON.parse makes these plain own members; no honest client sends them, and code further on may trip over them. */
function isHarmless(value: unknown, depth = 0): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (depth >= MAX_DEPTH) return false;
  return Object.entries(value).every(([key, member]) => !HOSTILE_KEYS.has(key) && isHarmless(member, depth + 1));
}

function describe(error: z.ZodError): string {
  const issue = error.issues[0];
  const where = issue?.path.length ? issue.path.map(String).join(".") : "The body";
  return `${where}: ${issue?.message ?? "not valid"}`;
}

/**
 * Reads a request's JSON body.
 * @param body request.body; undefined (no body) reads as an empty object.
 * @returns the members the schema names; others are dropped.
 * @throws Problem invalid_request, naming the first fault.
 */
export function readBody<T extends z.ZodType>(schema: T, body: unknown): z.infer<T> {
  const value = body === undefined ? {} : body;
  if (!isHarmless(value))
    throw new Problem("invalid_request", { detail: "The body has a member that is not allowed." });
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new Problem("invalid_request", { detail: describe(parsed.error) });
  return parsed.data;
}

/**
 * Bytes in base64url as RFC 4648 section 5 and the W3C JSON forms have it: no padding, no other character, no stray bits,
 * so that equal bytes are equal text.
 */
export function base64url(minBytes: number, maxBytes: number) {
  const maxLength = Math.ceil((maxBytes * 4) / 3);
  return z
    .string()
    .max(maxLength, "is too long")
    .refine((text) => Buffer.from(text, "base64url").toString("base64url") === text, "is not base64url")
    .refine((text) => Math.floor((text.length * 3) / 4) >= minBytes, "is too short");
}
