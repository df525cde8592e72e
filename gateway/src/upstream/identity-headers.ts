import type { UnifiedSession } from "../sessions/session.ts";

/** Every header that tells an upstream of a person; the HTTP contract has them in this order. */
export const IDENTITY_HEADERS = [
  "Remote-User",
  "Remote-Email",
  "Remote-Name",
  "Remote-Groups",
  "X-Auth-Method",
  "X-Auth-Aal",
  "X-Identity-Token",
] as const;

const PLAIN = /^[\x21-\x7e]*$/;

/** A header value of a text: UTF-8 octets, one character each as node:http writes them, without control characters. */
function headerText(text: string): string {
  if (PLAIN.test(text)) return text;
  const visible = text.toWellFormed().replace(/\p{Cc}+/gu, " ");
  return Buffer.from(visible.trim(), "utf8").toString("latin1");
}

/** A role with a comma or a control character would read as another role: it is left out, which grants less. */
function groups(roles: readonly string[]): string {
  return roles.filter((role) => role.trim() !== "" && !/[,\p{Cc}]/u.test(role)).join(",");
}

type Made = { readonly token: string; readonly headers: readonly string[] };

const made = new WeakMap<UnifiedSession, Made>();

/**
 * The identity headers of the HTTP contract, as names and values in turn; the same list for the same session and token.
 * Text beyond ASCII, such as a name, is sent as UTF-8 octets: RFC 9110, section 5.5 lets field values carry them, and
 * Go, Rust and most proxies read them so. Where a runtime decodes headers as Latin-1 (Node, WSGI), the upstream turns
 * them back (`Buffer.from(value, "latin1").toString("utf8")`). A header without a value is not sent at all.
 * @param token the signed identity token for this session.
 */
export function identityHeaders(session: UnifiedSession, token: string): readonly string[] {
  const known = made.get(session);
  if (known?.token === token) return known.headers;
  const { identity } = session;
  const fields: Readonly<Record<(typeof IDENTITY_HEADERS)[number], string>> = {
    "Remote-User": identity.id,
    "Remote-Email": identity.email,
    "Remote-Name": identity.name ?? "",
    "Remote-Groups": groups(identity.roles),
    "X-Auth-Method": session.authMethod,
    "X-Auth-Aal": session.aal,
    "X-Identity-Token": token,
  };
  const headers = Object.entries(fields).flatMap(([name, text]) => {
    const value = headerText(text);
    return value === "" ? [] : [name, value];
  });
  made.set(session, { token, headers });
  return headers;
}
