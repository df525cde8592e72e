import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type Config, loadConfig } from "../../gateway/src/config.ts";
import { defaultUpstream } from "../../gateway/src/routes/default-rules.ts";
import { loadRulesFile } from "../../gateway/src/routes/rules-file.ts";
import { CHECKOUT } from "../checkout.ts";
import { CHART, type KubernetesObject, objectOf, secretTexts } from "./chart.ts";
import { openRenderedChart, readValues } from "./rendered-chart.ts";

const { chart, least, all, minimal } = await openRenderedChart();
afterAll(() => chart.close());

/** What a gateway's process of the release finds in its environment. */
function environmentOf(objects: readonly KubernetesObject[], name: string): Record<string, string> {
  return { ...objectOf(objects, "ConfigMap", name).data, ...secretTexts(objectOf(objects, "Secret", name)) };
}

describe("the gateway", () => {
  test("every setting can be given", () => {
    const source = readFileSync(join(CHECKOUT, "gateway/src/config.ts"), "utf8");
    const names = [...source.matchAll(/^ {2}([A-Z][A-Z_]+): /gm)].map((match) => match[1] ?? "");
    expect(names).toContain("SESSION_SECRETS");
    const schema = JSON.parse(readFileSync(join(CHART, "values.schema.json"), "utf8"));
    const { settings, secrets } = schema.properties;
    const chartsOwn = ["HOST", "PORT", "OPERATOR_HOST", "OPERATOR_PORT", "ROUTES_FILE", "PAGES_CONFIG_FILE"];
    const ofTls = ["TLS_CERT_FILE", "TLS_KEY_FILE"];
    for (const name of [...chartsOwn, ...ofTls]) expect(environmentOf(all, "front")).toHaveProperty(name);
    const inImage = ["PAGES_DIR"];
    const given = [...Object.keys(settings.properties), ...Object.keys(secrets.properties.values.properties)];
    expect([...given, ...chartsOwn, ...ofTls, ...inImage].sort()).toEqual(names.sort());
  });

  test("starts with the least, and has the defaults for the rest", () => {
    const given = minimal.secrets.values;
    const expected = loadConfig({ ...given, PUBLIC_URL: "https://id.example.com" });
    expect(loadConfig(environmentOf(least, "here-passbridge"))).toEqual({
      ...expected,
      listen: { host: "0.0.0.0", port: 8080 },
      operator: { host: "0.0.0.0", port: 8081 },
      upstream: { ...expected.upstream, url: new URL("http://here-passbridge-frontend:3000") },
      kratos: {
        ...expected.kratos,
        publicUrl: new URL("http://here-kratos-public"),
        adminUrl: new URL("http://here-kratos-admin"),
      },
      routesFile: "/etc/passbridge/gateway.yml",
    });
  });

  test("gets each setting as it was given", () => {
    const { settings } = readValues<{ settings: Record<string, string | number | boolean> }>("all-on");
    const texts = Object.entries(settings).map(([name, value]) => [name, String(value)]);
    const environment = environmentOf(all, "front");
    expect(environment).toMatchObject(Object.fromEntries(texts));
    // Each of them, but for those that hide one another (a metadata file and its address), are this chart's to know, or
    // name files that have to be there.
    const schema = JSON.parse(readFileSync(join(CHART, "values.schema.json"), "utf8"));
    const known = Object.keys(schema.properties.settings.properties);
    const elsewhere = ["FIDO_METADATA_FILE", "KRATOS_PUBLIC_URL", "KRATOS_ADMIN_URL"];
    const files = ["REDIS_CA_FILE", "REDIS_CERT_FILE", "REDIS_KEY_FILE"];
    expect([...Object.keys(settings), ...elsewhere, ...files].sort()).toEqual(known.sort());
    expect(loadConfig(environment).tls).toEqual({
      cert: "/etc/passbridge-tls/tls.crt",
      key: "/etc/passbridge-tls/tls.key",
    });
  });

  test("finds the route rules, which are right", async () => {
    const sample = objectOf(least, "ConfigMap", "here-passbridge-files").data?.["gateway.yml"];
    expect(sample).toBe(readFileSync(join(CHECKOUT, "gateway/gateway.yml"), "utf8"));
    const config = loadConfig(environmentOf(all, "front"));
    const rules = await rulesOf(config, objectOf(all, "ConfigMap", "front-files").data?.["gateway.yml"] ?? "");
    expect(rules).toEqual(["everything"]);
    expect(JSON.parse(objectOf(all, "ConfigMap", "front-files").data?.["pages.json"] ?? "")).toEqual({
      brand_name: "Example",
    });
  });

  test("has no route rules before an application of one's own that brought none", async () => {
    const set = ["settings.UPSTREAM_URL=http://shop:3000", "networkPolicy.enabled=false"];
    const objects = await chart.render({ files: ["minimal"], set });
    expect(loadConfig(environmentOf(objects, "here-passbridge")).routesFile).toBeUndefined();
    expect(objects.map(({ metadata }) => metadata.name)).not.toContain("here-passbridge-files");
  });
});

async function rulesOf(config: Config, text: string): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "passbridge-rules-"));
  try {
    await writeFile(join(folder, "gateway.yml"), text);
    const { rules } = await loadRulesFile(join(folder, "gateway.yml"), defaultUpstream(config));
    return rules.rules.map(({ name }) => name);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("no secret is anywhere but in a Secret", () => {
  const { secrets, kratosEnvironment: kratos } = minimal;
  const values = [...Object.values(secrets.values), ...Object.values(kratos.values)];
  for (const objects of [least, all]) {
    const open = JSON.stringify(objects.filter(({ kind }) => kind !== "Secret"));
    expect(values.filter((value) => open.includes(value))).toEqual([]);
  }
});
