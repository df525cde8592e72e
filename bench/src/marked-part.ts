/**
 * A page with what stands between two of its lines replaced.
 * @param by how the text between them is made; the upper line names it.
 * @throws Error when the page has no such lines.
 */
export function withMarkedPart(page: string, by: string, text: string): string {
  const [begin, end] = [`<!-- Written by ${by}: begin -->`, "<!-- end -->"];
  const from = page.indexOf(begin);
  const to = page.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`The page has no line "${begin}" with "${end}" below it`);
  return `${page.slice(0, from)}${begin}\n${text}\n\n${page.slice(to)}`;
}
