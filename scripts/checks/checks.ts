/** A check of the source: a command that fails when something is wrong. */
export type Check = { readonly name: string; readonly command: readonly [string, ...string[]] };

const types = (project: string): Check => ({
  name: `types of ${project}`,
  command: ["tsc", "--noEmit", "-p", project],
});

/** What `npm run check` runs, in this order. */
export const CHECKS: readonly Check[] = [
  { name: "format, lint and layer rules", command: ["biome", "ci", "--colors=off", "--error-on-warnings", "."] },
  types("tsconfig.json"),
  types("client"),
  types("gateway"),
  types("frontend"),
  types("frontend/dashboard"),
  types("e2e"),
  types("bench"),
  { name: "dead code and dependencies", command: ["knip"] },
  { name: "duplicates", command: ["jscpd", "."] },
  { name: "file size", command: ["node", "scripts/checks/file-size.ts"] },
  { name: "shell scripts", command: ["shellcheck", "manage.sh", ".ci/run"] },
];
