import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { CHECKOUT } from "../checkout.ts";
import {
  BUILD_TIMEOUT,
  CHART,
  type Chart,
  type ChartRun,
  chartDependencies,
  type KubernetesObject,
  openChart,
} from "./chart.ts";
import { openSchemas } from "./object-schemas.ts";
import { containerOf, isSelected, podOf } from "./workloads.ts";

const RUNS: readonly (readonly [string, ChartRun])[] = [
  ["the least", { files: ["minimal"] }],
  ["everything", { files: ["minimal", "all-on"] }],
  ["all of it elsewhere", { files: ["elsewhere"] }],
  ["no policies, no tests", { files: ["minimal"], set: ["networkPolicy.enabled=false", "tests.enabled=false"] }],
  [
    "no migrations, no budget",
    { files: ["minimal"], set: ["migrations.enabled=false", "gateway.podDisruptionBudget.enabled=false"] },
  ],
  ["an operator for Prometheus", { files: ["minimal"], apis: ["monitoring.coreos.com/v1"] }],
];

let chart: Chart;
let faultsOf: (object: KubernetesObject) => string[];
beforeAll(async () => {
  [chart, faultsOf] = await Promise.all([openChart(), openSchemas()]);
  const names = chartDependencies().map(({ name, version }) => `${name} ${version}`);
  process.stdout.write(`Not rendered, because Helm repositories cannot be reached from here: ${names.join(", ")}\n`);
}, BUILD_TIMEOUT);
afterAll(() => chart.close());

describe.each(RUNS)("with %s", (_, run) => {
  let objects: KubernetesObject[];
  beforeAll(async () => {
    objects = await chart.render(run);
  });

  test("Helm finds nothing to complain of", async () => {
    const { code, stdout, stderr } = await chart.lint(run);
    expect(code, stdout + stderr).toBe(0);
    expect(stdout).toContain("1 chart(s) linted, 0 chart(s) failed");
  });

  test("every object is as Kubernetes' schemas have it", () => {
    expect(objects.length).toBeGreaterThan(4);
    expect(objects.flatMap(faultsOf)).toEqual([]);
  });

  test("every object has a name of its own", () => {
    const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(new Set(names).size).toBe(names.length);
  });

  test("every pod runs without any right that it does not need", () => {
    const pods = objects.map(podOf).filter((pod) => pod !== null);
    expect(pods.length).toBeGreaterThan(0);
    for (const { spec } of pods) {
      expect(spec.automountServiceAccountToken).toBe(false);
      expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
      expect(spec.containers).toHaveLength(1);
      expect(spec.containers[0]).toMatchObject({
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
        resources: { requests: { cpu: expect.any(String) }, limits: { memory: expect.any(String) } },
      });
    }
  });

  test("what selects pods selects one workload's", () => {
    const workloads = objects.filter(({ kind }) => kind === "Deployment");
    for (const { kind, metadata, spec } of objects) {
      const labels = selectedLabels(kind, spec);
      // A ServiceMonitor selects Services; Kratos' pods are the other chart's.
      if (!labels || kind === "ServiceMonitor" || metadata.name.endsWith("-kratos")) continue;
      const selected = workloads.filter((workload) => isSelected(podOf(workload)?.labels ?? {}, labels));
      expect(selected, `${kind} ${metadata.name}`).toHaveLength(1);
    }
  });

  test("the images are those of this release, unless named otherwise", () => {
    const { version } = JSON.parse(readFileSync(join(CHECKOUT, "package.json"), "utf8"));
    expect(parse(readFileSync(join(CHART, "Chart.yaml"), "utf8"))).toMatchObject({ version, appVersion: version });
    for (const object of objects.filter((one) => podOf(one) !== null)) {
      expect(containerOf(object).image).toMatch(
        new RegExp(
          `^(passbridge-(gateway|frontend):${version}|registry\\.example\\.com/passbridge-gateway@sha256:0+)$`,
        ),
      );
    }
  });
});

type Labels = Readonly<Record<string, string>>;
type Selector = { readonly matchLabels: Labels };

/** What an object selects pods by; undefined when it selects none. */
function selectedLabels(kind: string, spec: unknown): Labels | undefined {
  if (kind === "Service") return (spec as { selector: Labels }).selector;
  const { selector, podSelector } = (spec ?? {}) as { selector?: Selector; podSelector?: Selector };
  return (selector ?? podSelector)?.matchLabels;
}

test("the schemas find a member too many, one too few and one of the wrong kind", async () => {
  const objects = await chart.render({ files: ["minimal"], apis: ["monitoring.coreos.com/v1"] });
  const find = (wanted: string) => objects.find(({ kind }) => kind === wanted) as KubernetesObject;
  const broken: [KubernetesObject, RegExp][] = [
    [{ ...find("Deployment"), spec: { ...(find("Deployment").spec as object), replica: 2 } }, /"replica"/],
    [{ ...find("Deployment"), spec: { selector: { matchLabels: {} } } }, /template/],
    [{ ...find("Service"), spec: { ports: [{ port: "http" }] } }, /\/spec\/ports\/0\/port/],
    [{ ...find("ServiceMonitor"), spec: { selector: {}, endpoints: [{ intervall: "1s" }] } }, /"intervall"/],
  ];
  for (const [object, fault] of broken) {
    expect(faultsOf(object).join("\n")).toMatch(fault);
  }
});

test("a packaged chart is the same, with the files that are only linked here", async () => {
  const run = { files: ["minimal", "all-on"] };
  const [folder, archive] = await Promise.all([chart.template(run), chart.templatePackage(run)]);
  expect(archive).toMatchObject({ code: 0 });
  expect(archive.stdout).toBe(folder.stdout);
});
