/** Major, minor and patch; a missing patch is 0. */
export type GoVersion = readonly [major: number, minor: number, patch: number];

/**
 * How a found Go can build Kratos: by itself, by the toolchain it downloads for us, or not at all.
 * From 1.21 on Go fetches what a go.mod asks for by itself (Go toolchains, go.dev/doc/toolchain).
 */
export type GoUse = "itself" | "downloads-toolchain" | "too-old";

const OLDEST_SWITCHING: GoVersion = [1, 21, 0];
/** From here on `go mod download` takes a module outside any module, with `-modcacherw` and GOMODCACHE as we need them. */
const OLDEST_DOWNLOADING: GoVersion = [1, 17, 0];

/** The first Go version in a text such as `go version go1.26.8 linux/amd64` or go.mod's `go 1.24.0`; null when there is none. */
export function parseGoVersion(text: string): GoVersion | null {
  const match = /\bgo ?(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  return match && [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
}

/**
 * The oldest Go a go.mod accepts: its `go` directive (Go Modules Reference, go.dev/ref/mod).
 * @throws Error when it has none.
 */
export function parseGoDirective(goMod: string): GoVersion {
  const version = parseGoVersion(/^go [\d.]+/m.exec(goMod)?.[0] ?? "");
  if (!version) throw new Error("the go.mod has no go directive");
  return version;
}

/** Whether the first version is older than the second. */
export function isOlder(one: GoVersion, other: GoVersion): boolean {
  const [major, minor, patch] = one;
  if (major !== other[0]) return major < other[0];
  return minor === other[1] ? patch < other[2] : minor < other[1];
}

/**
 * What can be done with a Go.
 * @param found its version; null when it did not say.
 * @param needed what the go.mod asks for.
 */
export function goUse(found: GoVersion | null, needed: GoVersion): GoUse {
  if (!found || isOlder(found, OLDEST_DOWNLOADING)) return "too-old";
  return isOlder(found, needed) && isOlder(found, OLDEST_SWITCHING) ? "downloads-toolchain" : "itself";
}
