import { join } from "node:path";
import { CHECKOUT } from "../checkout.ts";
import { ensureGoTool, type GoTool, goToolVersion, isGoToolBuilt } from "../parts/go-binary.ts";

/** The oldest Kubernetes of the chart; the program would take itself for one much older. */
const KUBERNETES = { major: 1, minor: 30 };

const VERSION_PATHS = ["helm.sh/helm/v3/pkg/chartutil", "helm.sh/helm/v3/pkg/lint/rules"];

const HELM: GoTool = {
  title: "Helm",
  folder: join(CHECKOUT, "deploy/helm/tools"),
  module: "helm.sh/helm/v3",
  command: "helm.sh/helm/v3/cmd/helm",
  linkerFlags: (version) =>
    [
      `-X helm.sh/helm/v3/internal/version.version=${version}`,
      ...VERSION_PATHS.flatMap((path) => [
        `-X ${path}.k8sVersionMajor=${KUBERNETES.major}`,
        `-X ${path}.k8sVersionMinor=${KUBERNETES.minor}`,
      ]),
    ].join(" "),
};

/** The Helm version deploy/helm/tools/go.mod asks for. */
export function helmVersion(): string {
  return goToolVersion(HELM);
}

/** Whether the program is in the cache already. */
export function isHelmBuilt(): boolean {
  return isGoToolBuilt(HELM);
}

/**
 * The real Helm, built once from deploy/helm/tools/go.mod, for the chart's tests.
 * @throws Failure when Go is missing or too old, or the build fails.
 */
export async function ensureHelm(onProgress: (line: string) => void = () => undefined): Promise<string> {
  return ensureGoTool(HELM, onProgress);
}
