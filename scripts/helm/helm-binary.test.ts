import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { CHECKOUT } from "../checkout.ts";
import { TOOLCHAIN_VERSION } from "../parts/go-toolchain.ts";
import { isOlder, parseGoDirective, parseGoVersion } from "../parts/go-version.ts";
import { runOrThrow } from "../run-command.ts";
import { BUILD_TIMEOUT, CHART } from "./chart.ts";
import { ensureHelm, helmVersion } from "./helm-binary.ts";

test(
  "the built Helm is the version that its module asks for, and has the chart's oldest Kubernetes in mind",
  async () => {
    const helm = await ensureHelm();
    expect(await runOrThrow(helm, ["version", "--template", "{{.Version}}"])).toBe(helmVersion());
    const { kubeVersion } = parse(readFileSync(join(CHART, "Chart.yaml"), "utf8")) as { kubeVersion: string };
    expect(kubeVersion).toBe(">=1.30.0-0");
  },
  BUILD_TIMEOUT,
);

test("Helm is built with a Go no older than its module asks for, when one has to be downloaded", () => {
  const goMod = readFileSync(join(CHECKOUT, "deploy/helm/tools/go.mod"), "utf8");
  const downloaded = parseGoVersion(`go${TOOLCHAIN_VERSION}`);
  expect(downloaded && isOlder(downloaded, parseGoDirective(goMod))).toBe(false);
});
