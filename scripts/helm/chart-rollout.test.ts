import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { CHECKOUT } from "../checkout.ts";
import { readCompose } from "../compose/read-compose.ts";
import { makeMissingSecrets } from "../settings.ts";
import { type ChartRun, type KubernetesObject, objectOf, secretTexts } from "./chart.ts";
import { openRenderedChart } from "./rendered-chart.ts";
import { containerOf, podOf } from "./workloads.ts";

const { chart, least, all, elsewhere } = await openRenderedChart();
afterAll(() => chart.close());

const hookOf = ({ metadata: { annotations = {} } }: KubernetesObject) => ({
  on: annotations["helm.sh/hook"],
  weight: Number(annotations["helm.sh/hook-weight"] ?? 0),
  deleted: annotations["helm.sh/hook-delete-policy"]?.split(","),
});

describe("migrations", () => {
  test("run before anything of the release changes, with settings of their own", () => {
    const job = objectOf(least, "Job", "here-passbridge-migrate");
    const { envFrom = [], image } = containerOf(job);
    expect(envFrom).toEqual([
      { configMapRef: { name: "here-passbridge-migrate" } },
      { secretRef: { name: "here-passbridge-migrate" } },
    ]);
    const settings = objectOf(least, "ConfigMap", "here-passbridge-migrate");
    const secrets = objectOf(least, "Secret", "here-passbridge-migrate");
    for (const object of [job, settings, secrets]) {
      expect(hookOf(object)).toMatchObject({ on: "pre-install,pre-upgrade" });
      expect(hookOf(object).deleted).toEqual(["before-hook-creation", "hook-succeeded"]);
    }
    for (const object of [settings, secrets]) expect(hookOf(object).weight).toBeLessThan(hookOf(job).weight);
    expect(settings.data).toEqual(objectOf(least, "ConfigMap", "here-passbridge").data);
    expect(secretTexts(secrets)).toEqual(secretTexts(objectOf(least, "Secret", "here-passbridge")));
    expect(image).toBe(containerOf(objectOf(least, "Deployment", "here-passbridge")).image);
    // The release's own account is made later.
    expect(podOf(job)?.spec.serviceAccountName).toBe("default");
  });

  test("run what the image runs in compose", () => {
    const { "gateway-migrate": inCompose } = readCompose("docker-compose.yml", makeMissingSecrets({}, {})).services;
    const job = objectOf(least, "Job", "here-passbridge-migrate");
    expect(containerOf(job)).toMatchObject({ command: inCompose?.command });
    expect(inCompose?.command).toEqual(["node", "gateway/dist/src/migrate.js", "latest"]);
  });

  test("read a Secret that is there already", () => {
    const names = [
      objectOf(elsewhere, "Job", "here-passbridge-migrate"),
      objectOf(elsewhere, "Deployment", "here-passbridge"),
    ]
      .flatMap((object) => containerOf(object).envFrom ?? [])
      .flatMap(({ secretRef }) => secretRef?.name ?? []);
    expect(names).toEqual(["passbridge-secrets", "passbridge-secrets"]);
    expect(elsewhere.map(({ kind }) => kind)).not.toContain("Secret");
  });

  test("of Kratos find its settings before the release is there", () => {
    const secret = objectOf(least, "Secret", "passbridge-kratos");
    expect(hookOf(secret)).toEqual({ on: "pre-install,pre-upgrade", weight: -10, deleted: ["before-hook-creation"] });
  });
});

describe("a replica", () => {
  test("serves while it lives, and goes after its requests", () => {
    const deployment = objectOf(least, "Deployment", "here-passbridge");
    const { startupProbe, livenessProbe, readinessProbe, lifecycle } = containerOf(deployment);
    for (const probe of [startupProbe, livenessProbe, readinessProbe]) {
      expect(probe?.httpGet).toEqual({ path: "/health/alive", port: "http", scheme: "HTTP" });
    }
    expect(lifecycle?.preStop.sleep.seconds).toBe(5);
    expect(deployment.spec).toMatchObject({
      replicas: 2,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
    });
  });

  test("may be taken out when a part is away, and be asked by TLS", () => {
    const { livenessProbe, readinessProbe } = containerOf(objectOf(all, "Deployment", "front"));
    expect(livenessProbe?.httpGet).toEqual({ path: "/health/alive", port: "http", scheme: "HTTPS" });
    expect(readinessProbe?.httpGet).toEqual({ path: "/health/ready", port: "http", scheme: "HTTPS" });
  });

  test.each([
    ["", 35],
    ["20s", 35],
    ["45", 60],
    ["2m", 135],
    ["1h", 3615],
    ["1500ms", 17],
  ])("is given its SHUTDOWN_TIMEOUT of %j and time around it", async (timeout, seconds) => {
    const objects = await chart.render({ files: ["minimal"], set: [`settings.SHUTDOWN_TIMEOUT=${timeout}`] });
    expect(podOf(objectOf(objects, "Deployment", "here-passbridge"))?.spec.terminationGracePeriodSeconds).toBe(seconds);
  });

  test("is apart from the others: another zone first, then another node", () => {
    const { topologySpreadConstraints = [] } = podOf(objectOf(least, "Deployment", "here-passbridge"))?.spec ?? {};
    expect(topologySpreadConstraints.map(({ topologyKey }) => topologyKey)).toEqual([
      "topology.kubernetes.io/zone",
      "kubernetes.io/hostname",
    ]);
    const { selector } = objectOf(least, "Deployment", "here-passbridge").spec as { selector: unknown };
    for (const { labelSelector } of topologySpreadConstraints) expect(labelSelector).toEqual(selector);
  });

  test.each<[string, ChartRun, string]>([
    ["a setting", { set: ["settings.LOG_LEVEL=debug"] }, "config"],
    ["a rule", { set: ["routes=version: 1"] }, "config"],
    ["a secret", { set: ["secrets.values.REDIS_URL=redis://other:6379"] }, "secret"],
  ])("is replaced for %s that changed", async (_, { set = [] }, kind) => {
    const changed = await chart.render({ files: ["minimal"], set });
    const sums = [least, changed].map(
      (objects) => podOf(objectOf(objects, "Deployment", "here-passbridge"))?.annotations[`checksum/${kind}`],
    );
    expect(sums[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(sums[1]).not.toBe(sums[0]);
  });

  test("has files to read and nothing to write to but /tmp", () => {
    const { volumeMounts = [] } = containerOf(objectOf(all, "Deployment", "front"));
    expect(volumeMounts.filter(({ readOnly }) => !readOnly).map(({ mountPath }) => mountPath)).toEqual(["/tmp"]);
    const mounted = volumeMounts.map(({ name }) => name);
    expect(
      podOf(objectOf(all, "Deployment", "front"))
        ?.spec.volumes.map(({ name }) => name)
        .sort(),
    ).toEqual(mounted.sort());
  });
});

test("no more than the budget's replicas are taken at a time, and as many are added as the load asks for", () => {
  expect(objectOf(least, "PodDisruptionBudget", "here-passbridge").spec).toMatchObject({ maxUnavailable: 1 });
  expect(least.map(({ kind }) => kind)).not.toContain("HorizontalPodAutoscaler");
  expect(objectOf(all, "HorizontalPodAutoscaler", "front").spec).toMatchObject({
    scaleTargetRef: { kind: "Deployment", name: "front" },
    minReplicas: 3,
    maxReplicas: 30,
  });
  // Else each upgrade would set the number of replicas back.
  expect(objectOf(all, "Deployment", "front").spec).not.toHaveProperty("replicas");
});

test("Prometheus' operator is told of the operators' port where it is there, and where that is said", async () => {
  const monitors = (objects: readonly KubernetesObject[]) => objects.filter(({ kind }) => kind === "ServiceMonitor");
  expect(monitors(least)).toEqual([]);
  const apis = ["monitoring.coreos.com/v1"];
  expect(monitors(await chart.render({ files: ["minimal"], apis }))).toHaveLength(1);
  expect(monitors(await chart.render({ files: ["minimal"], apis, set: ["serviceMonitor.enabled=never"] }))).toEqual([]);
  const { selector, endpoints } = objectOf(all, "ServiceMonitor", "front").spec as {
    selector: { matchLabels: Record<string, string> };
    endpoints: unknown;
  };
  expect(objectOf(all, "Service", "front-operators").metadata.labels).toMatchObject(selector.matchLabels);
  expect(endpoints).toEqual([{ port: "operators", path: "/metrics", interval: "15s" }]);
});

test("the images run as the account that the pods name, which the gateway is compiled for", () => {
  const dockerfile = readFileSync(join(CHECKOUT, "Dockerfile"), "utf8");
  expect(dockerfile.match(/^USER node$/gm)).toHaveLength(3);
  expect(podOf(objectOf(least, "Deployment", "here-passbridge"))?.spec.securityContext).toMatchObject({
    runAsUser: 1000,
    runAsGroup: 1000,
  });
});
