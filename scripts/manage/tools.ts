import { existsSync } from "node:fs";
import { findPostgresPrograms, findProgram, findServer } from "../parts/find-program.ts";
import { findGo } from "../parts/go-program.ts";
import { isKratosBuilt } from "../parts/kratos-binary.ts";

export type PackageManager = "apt-get" | "dnf" | "apk" | "brew";

/** A program that is needed and comes from the system's package manager. */
export type Tool = {
  readonly name: string;
  readonly isPresent: () => boolean;
  readonly packages: Readonly<Record<PackageManager, string>>;
};

const everywhere = (name: string): Record<PackageManager, string> => ({
  "apt-get": name,
  dnf: name,
  apk: name,
  brew: name,
});

const CHROMIUM_PATHS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** What ./manage.sh start needs natively; Go only until Kratos is built. */
export const START_TOOLS: readonly Tool[] = [
  {
    name: "PostgreSQL",
    isPresent: () => findPostgresPrograms() !== null,
    packages: { "apt-get": "postgresql", dnf: "postgresql-server", apk: "postgresql", brew: "postgresql@17" },
  },
  {
    name: "Redis",
    isPresent: () => findProgram("redis-server") !== null,
    packages: { "apt-get": "redis-server", dnf: "redis", apk: "redis", brew: "redis" },
  },
  {
    name: "Go (to build Kratos, once)",
    isPresent: () => isKratosBuilt() || findGo() !== null,
    packages: { "apt-get": "golang-go", dnf: "golang", apk: "go", brew: "go" },
  },
];

/** What ./manage.sh test needs beyond that. */
export const TEST_TOOLS: readonly Tool[] = [
  ...START_TOOLS,
  {
    name: "Go (to build Helm, and to get Kubernetes' schemas)",
    isPresent: () => findGo() !== null,
    packages: { "apt-get": "golang-go", dnf: "golang", apk: "go", brew: "go" },
  },
  {
    name: "Chromium",
    isPresent: () => findProgram("chromium") !== null || CHROMIUM_PATHS.some((path) => existsSync(path)),
    packages: everywhere("chromium"),
  },
  {
    name: "certutil (for the browser tests over https)",
    isPresent: () => findProgram("certutil") !== null,
    packages: { "apt-get": "libnss3-tools", dnf: "nss-tools", apk: "nss-tools", brew: "nss" },
  },
  {
    name: "nginx (to be behind it)",
    isPresent: () => findServer("nginx") !== null,
    packages: { ...everywhere("nginx"), "apt-get": "nginx-light" },
  },
  { name: "Caddy (to be behind it)", isPresent: () => findServer("caddy") !== null, packages: everywhere("caddy") },
  { name: "wrk (the load of the bench)", isPresent: () => findProgram("wrk") !== null, packages: everywhere("wrk") },
  { name: "curl (its large bodies)", isPresent: () => findProgram("curl") !== null, packages: everywhere("curl") },
  {
    name: "shellcheck",
    isPresent: () => findProgram("shellcheck") !== null,
    packages: { ...everywhere("shellcheck"), dnf: "ShellCheck" },
  },
];

const MANAGERS: readonly PackageManager[] = ["apt-get", "dnf", "apk", "brew"];

/** The system's package manager, or null when it is none of the known ones. */
export function findPackageManager(): PackageManager | null {
  return MANAGERS.find((name) => findProgram(name) !== null) ?? null;
}

/** The command that installs packages, as an operator would type it. */
export function installCommand(manager: PackageManager, packages: readonly string[]): string[] {
  const verbs = { "apt-get": ["install", "-y"], dnf: ["install", "-y"], apk: ["add"], brew: ["install"] };
  return [manager, ...verbs[manager], ...packages];
}
