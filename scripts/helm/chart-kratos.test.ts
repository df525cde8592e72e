import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { parse } from "yaml";
import { CHECKOUT } from "../checkout.ts";
import { kratosEnvironment } from "../parts/kratos-environment.ts";
import { type KubernetesObject, objectOf, secretTexts } from "./chart.ts";
import { openRenderedChart } from "./rendered-chart.ts";

const { chart, least, all, minimal } = await openRenderedChart();
afterAll(() => chart.close());

const settings = {
  publicUrl: "https://id.example.com",
  databaseUrl: minimal.kratosEnvironment.values.DATABASE_URL,
  smtpUrl: minimal.secrets.values.SMTP_URL ?? "",
  mailFrom: "no-reply@passbridge.localhost",
  brandName: "Passbridge",
  cookieSecrets: minimal.kratosEnvironment.values.SECRETS_COOKIE,
  cipherSecrets: minimal.kratosEnvironment.values.SECRETS_CIPHER,
  host: "0.0.0.0",
  publicPort: 4433,
  adminPort: 4434,
  sessionLifespan: "24h",
  privilegedMaxAge: "15m",
  breachCheck: false,
  codeSignIn: false,
  cookieDomain: "",
  hooks: {
    url: "http://here-passbridge-operators.there.svc:8081/hooks/kratos",
    secret: minimal.secrets.values.KRATOS_HOOK_SECRET ?? "",
  },
};
const tuned = {
  mailFrom: "hello@example.com",
  brandName: "Example: people & keys",
  sessionLifespan: "12h",
  privilegedMaxAge: "10m",
  breachCheck: true,
  codeSignIn: true,
  cookieDomain: "example.com",
  hooks: { ...settings.hooks, url: "http://front-operators.there.svc:9091/hooks/kratos" },
};

/** Names sorted, bodies by absolute path, what is in JSON read: Kratos cares for neither. An empty one is not given. */
function comparable(environment: Record<string, string>) {
  const entries = Object.entries(environment).filter(([, value]) => value !== "");
  const read = (text: string) =>
    JSON.parse(text, (key, value) => (key === "body" ? value.replace("file:///etc/passbridge/", "file://") : value));
  return Object.fromEntries(entries.map(([name, value]) => [name, value.startsWith("{") ? read(value) : value]));
}

test.each([
  ["the least", least, settings],
  ["everything", all, { ...settings, ...tuned }],
])("Kratos is told the same as natively and in compose: %s", (_, objects, expected) => {
  const told = secretTexts(objectOf(objects, "Secret", "passbridge-kratos"));
  const { dsn, secretsDefault, secretsCookie, secretsCipher, smtpConnectionURI, ...environment } = told;
  expect(comparable(environment)).toEqual(comparable(kratosEnvironment(expected)));
  expect({ dsn, secretsDefault, secretsCookie, secretsCipher, smtpConnectionURI }).toEqual({
    dsn: told.DSN,
    secretsDefault: told.SECRETS_DEFAULT,
    secretsCookie: told.SECRETS_COOKIE,
    secretsCipher: told.SECRETS_CIPHER,
    smtpConnectionURI: told.COURIER_SMTP_CONNECTION_URI,
  });
});

test("Kratos has the configuration of kratos.yml, with its files where they are mounted", () => {
  const file = parse(readFileSync(join(CHECKOUT, "kratos/kratos.yml"), "utf8"));
  // By environment, everywhere.
  delete file.serve.public.base_url;
  delete file.serve.public.host;
  delete file.serve.admin.host;
  file.identity.schemas[0].url = "file:///etc/passbridge/identity.schema.json";
  file.courier.template_override_path = "/etc/passbridge/mail-templates";
  expect(givenToKratos(least).kratos.config).toEqual(file);
});

test("Kratos finds every file of its folder, in both of its workloads", () => {
  const given = givenToKratos(least);
  const { data = {} } = objectOf(least, "ConfigMap", "passbridge-kratos-files");
  for (const { extraVolumes, extraVolumeMounts, environmentSecretsName } of [given.deployment, given.statefulSet]) {
    const [volume] = extraVolumes;
    expect(volume?.configMap.name).toBe("passbridge-kratos-files");
    expect(extraVolumeMounts).toEqual([{ name: volume?.name, mountPath: "/etc/passbridge", readOnly: true }]);
    expect(environmentSecretsName).toBe("passbridge-kratos");
    const mounted = volume?.configMap.items.map(({ key, path }) => [path, data[key]]) ?? [];
    expect(Object.fromEntries(mounted)).toEqual(kratosFiles());
  }
  expect(Object.keys(data).length).toBe(Object.keys(kratosFiles()).length);
});

type Workload = {
  readonly environmentSecretsName: string;
  readonly extraVolumes: readonly {
    readonly name: string;
    readonly configMap: { readonly name: string; readonly items: readonly { key: string; path: string }[] };
  }[];
  readonly extraVolumeMounts: unknown;
};

/** The values the other chart would get. */
function givenToKratos(objects: readonly KubernetesObject[]) {
  return JSON.parse(objectOf(objects, "ConfigMap", "stand-in-kratos").data?.values ?? "") as {
    readonly kratos: { readonly config: unknown };
    readonly deployment: Workload;
    readonly statefulSet: Workload;
  };
}

/** What kratos.yml names, by its path below the folder. */
function kratosFiles(): Record<string, string> {
  const folder = join(CHECKOUT, "kratos");
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  const ours = paths.filter((path) => !["go.mod", "go.sum", "kratos.yml"].includes(path));
  return Object.fromEntries(ours.map((path) => [path, readFileSync(join(folder, path), "utf8")]));
}
