import { Problem } from "../errors.ts";

const JSON_TYPE = /^application\/json\s*(;|$)/i;
const FORM = /^application\/x-www-form-urlencoded\s*(;|$)/i;
/** Kratos takes the names of members in any case. */
const TRAITS = /^traits(\.|$)/i;
/** An identity has few; more are nobody's sign-up. */
const MOST = 8;
const MAX_DEPTH = 6;

function textsIn(value: unknown, depth = 0): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null || depth >= MAX_DEPTH) return [];
  return Object.values(value).flatMap((member) => textsIn(member, depth + 1));
}

function membersOf(json: string): [string, unknown][] {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null ? Object.entries(value) : [];
  } catch {
    // Kratos refuses it in its own words.
    return [];
  }
}

/**
 * The e-mail addresses among the traits that a sign-up or a change of settings carries: where Kratos may send a mail to.
 * @throws Problem unsupported_media_type for a body in a form that is not read here; invalid_request for too many.
 */
export function namedAddresses(contentType: string | undefined, body: Buffer | null): string[] {
  if (!body?.length) return [];
  const isForm = FORM.test(contentType ?? "");
  if (!isForm && !JSON_TYPE.test(contentType ?? "")) throw new Problem("unsupported_media_type");
  const text = body.toString("utf8");
  const members = isForm ? [...new URLSearchParams(text)] : membersOf(text);
  const texts = members.flatMap(([name, value]) => (TRAITS.test(name) ? textsIn(value) : []));
  const addresses = texts.filter((trait) => trait.includes("@"));
  if (addresses.length > MOST) throw new Problem("invalid_request", { detail: "There are too many addresses." });
  return addresses;
}
