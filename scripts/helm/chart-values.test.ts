import { afterAll, beforeAll, expect, test } from "vitest";
import { BUILD_TIMEOUT, type Chart, openChart } from "./chart.ts";

let chart: Chart;
beforeAll(async () => {
  chart = await openChart();
}, BUILD_TIMEOUT);
afterAll(() => chart.close());

test("without values everything that is missing is told at once", async () => {
  const { code, stderr } = await chart.template({});
  expect(code).not.toBe(0);
  const secrets = ["SESSION_SECRETS", "KRATOS_HOOK_SECRET", "DATABASE_URL", "REDIS_URL", "SMTP_URL"];
  const names = [
    "settings.PUBLIC_URL",
    ...secrets.map((name) => `secrets.values.${name}`),
    ...["DATABASE_URL", "SECRETS_COOKIE", "SECRETS_CIPHER"].map((name) => `kratosEnvironment.values.${name}`),
  ];
  const told = [...stderr.matchAll(/^ {2}- ([\w.]+)/gm)].map((match) => match[1]);
  expect(told).toEqual(names);
});

test.each([
  ["kratos.enabled=false", "settings.KRATOS_ADMIN_URL"],
  ["kratos.enabled=false", "networkPolicy.externalKratos"],
  ["frontend.enabled=false", "settings.UPSTREAM_URL"],
  ["settings.UPSTREAM_URL=http://shop:3000", "networkPolicy.upstream"],
  ["secrets.existingSecret=mine", "kratosEnvironment.create=false"],
])("%s needs %s as well", async (set, missing) => {
  const { code, stderr } = await chart.template({ files: ["minimal"], set: [set] });
  expect(code).not.toBe(0);
  expect(stderr).toContain(`  - ${missing}`);
});

test.each([
  ["settings.PUBLIC_URI=https://id.example.com", "PUBLIC_URI"],
  ["settings.PUBLIC_URL=https://id.example.com/base", "PUBLIC_URL"],
  ["settings.CHALLENGE_TTL=a while", "CHALLENGE_TTL"],
  ["settings.SESSION_MAX_AGE=1d", "SESSION_MAX_AGE"],
  ["settings.MAX_PASSKEYS_PER_USER=0", "MAX_PASSKEYS_PER_USER"],
  ["settings.LOG_LEVEL=loud", "LOG_LEVEL"],
  ["settings.CODE_SIGN_IN=yes", "CODE_SIGN_IN"],
  ["settings.SESSION_SECRETS=in-a-config-map", "SESSION_SECRETS"],
  ["secrets.values.PASSWORD=x", "PASSWORD"],
  ["gateway.replicas=0", "replicas"],
  ["gateway.replica=3", "replica"],
  ["gateway.ports.http=70000", "http"],
  ["gateway.image.digest=sha256:12", "digest"],
  ["gateway.readiness=live", "readiness"],
  ["gateway.podDisruptionBudget.maxUnavailable=0", "maxUnavailable"],
  ["gateway.autoscaling.targetCPUUtilizationPercentage=120", "targetCPUUtilizationPercentage"],
  ["gateway.topologySpread.whenUnsatisfiable=Never", "whenUnsatisfiable"],
  ["serviceMonitor.enabled=true", "serviceMonitor"],
  ["networkPolicy.ingres=x", "ingres"],
  ["frontend.port=http", "port"],
  ["kratos.enabled=maybe", "enabled"],
])("the schema refuses %s", async (set, place) => {
  const { code, stderr } = await chart.template({ files: ["minimal"], set: [set] });
  expect(code).not.toBe(0);
  expect(stderr).toContain("values don't meet the specifications of the schema");
  expect(stderr).toContain(place);
});
