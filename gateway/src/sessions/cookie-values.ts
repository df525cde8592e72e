/**
 * Every value a Cookie header carries under a name, in order, unquoted and as sent (RFC 6265, section 4.2.1).
 * A name may come twice, when a cookie of another path or domain stands beside ours.
 */
export function cookieValues(header: string | undefined, name: string): string[] {
  if (!header?.includes(name)) return [];
  const values: string[] = [];
  for (const pair of header.split(";")) {
    const at = pair.indexOf("=");
    if (at < 0 || pair.slice(0, at).trim() !== name) continue;
    const value = pair
      .slice(at + 1)
      .trim()
      .replace(/^"(.*)"$/, "$1");
    if (value) values.push(value);
  }
  return values;
}
