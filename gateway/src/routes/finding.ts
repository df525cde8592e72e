/** Where in a file something is; both count from 1. */
export type Place = { readonly line: number; readonly column: number };

/** What is wrong with a gateway.yml, or likely not meant, in an operator's words. */
export type Finding = Place & {
  /** With a fault the file is not used; a warning is only told. */
  readonly severity: "fault" | "warning";
  readonly message: string;
};

/** What was read, if nothing is wrong with it, and all that there is to say about it, in the order of the file. */
export type Reading<T> = { readonly value: T | null; readonly findings: readonly Finding[] };

export const isFault = ({ severity }: Finding) => severity === "fault";

/** @param file as the operator knows it. @returns a line that editors and terminals can jump by. */
export function describeFinding(file: string, { severity, line, column, message }: Finding): string {
  return `${file}:${line}:${column}: ${severity === "warning" ? "warning: " : ""}${message}`;
}

/** The findings as the file has them, top to bottom. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((one, other) => one.line - other.line || one.column - other.column);
}
