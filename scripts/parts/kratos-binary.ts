import { join } from "node:path";
import { CHECKOUT } from "../checkout.ts";
import { ensureGoTool, type GoTool, goForTool, goToolPath, goToolVersion, isGoToolBuilt } from "./go-binary.ts";
import type { GoVersion } from "./go-version.ts";

const KRATOS: GoTool = {
  title: "Kratos",
  folder: join(CHECKOUT, "kratos"),
  module: "github.com/ory/kratos",
  command: "github.com/ory/kratos",
  linkerFlags: (version) => `-X github.com/ory/kratos/driver/config.Version=${version}`,
};

/** The Kratos version kratos/go.mod asks for, such as `v1.3.1`. */
export function kratosVersion(): string {
  return goToolVersion(KRATOS);
}

/** Where the built program lies or will lie: its name changes with every dependency. */
export function kratosBinaryPath(cache?: string): string {
  return goToolPath(KRATOS, cache);
}

/** The Go that kratos/go.mod asks for. */
export function goForKratos(): GoVersion {
  return goForTool(KRATOS);
}

/** Whether the program is in the cache already, so that nothing has to be built. */
export function isKratosBuilt(): boolean {
  return isGoToolBuilt(KRATOS);
}

/**
 * The Kratos program, built once from kratos/go.mod and kept outside the checkout. Concurrent callers build it once.
 * @param onProgress told what takes long.
 * @throws Failure when Go is missing or too old, or the build fails.
 */
export async function ensureKratosBinary(onProgress: (line: string) => void = () => undefined): Promise<string> {
  return ensureGoTool(KRATOS, onProgress);
}
