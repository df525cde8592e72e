import { ensureHelm, helmVersion, isHelmBuilt } from "../helm/helm-binary.ts";
import type { Output } from "./output.ts";

/**
 * Builds the Helm that the chart's tests run, unless it is in the cache.
 * @throws Failure when Go is missing or the build fails.
 */
export async function buildHelm(output: Output): Promise<void> {
  if (isHelmBuilt()) return;
  await output.step(`Building Helm ${helmVersion()}: takes about 2 minutes, once`, ensureHelm);
}
