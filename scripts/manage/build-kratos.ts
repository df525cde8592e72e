import { ensureKratosBinary, isKratosBuilt, kratosVersion } from "../parts/kratos-binary.ts";
import type { Output } from "./output.ts";

/**
 * Builds Kratos' program unless it is in the cache.
 * @throws Failure when Go is missing or the build fails.
 */
export async function buildKratos(output: Output): Promise<void> {
  if (isKratosBuilt()) return;
  await output.step(`Building Kratos ${kratosVersion()}: takes about 4 minutes, once`, ensureKratosBinary);
}
