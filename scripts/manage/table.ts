/**
 * Lays rows out in aligned columns under a heading, for a terminal or a log.
 * @returns lines without trailing spaces.
 */
export function formatTable(heading: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = heading.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const line = (cells: readonly string[]) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
  return [heading, ...rows].map((cells) => line(cells).trimEnd());
}
