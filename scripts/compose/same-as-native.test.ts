import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadConfig } from "../../gateway/src/config.ts";
import { CHECKOUT } from "../checkout.ts";
import { kratosSettings } from "../manage/native-plans.ts";
import { planKratos } from "../parts/kratos.ts";
import { kratosEnvironment } from "../parts/kratos-environment.ts";
import { planRedis } from "../parts/redis.ts";
import { SERVICES } from "../services.ts";
import { makeMissingSecrets, resolveSettings } from "../settings.ts";
import { composeEnvironment } from "./compose-environment.ts";
import { type ComposeFile, readCompose } from "./read-compose.ts";

const secrets = makeMissingSecrets({}, {});
const HTTPS = { PUBLIC_URL: "https://id.example.com", PORT: "9443" };
const TUNED = {
  ...HTTPS,
  SESSION_MAX_AGE: "12h",
  SESSION_IDLE_TIMEOUT: "10m",
  PRIVILEGED_MAX_AGE: "5m",
  PASSKEY_RP_NAME: "Example",
  MAIL_FROM: "id@example.com",
  HAVEIBEENPWNED_ENABLED: "true",
  MAX_PASSKEYS_PER_USER: "5",
  FIDO_METADATA_URL: "https://mds3.fidoalliance.org/",
  FIDO_METADATA_ROOT_FILE: "/run/metadata/root.pem",
  CODE_SIGN_IN: "true",
  COOKIE_DOMAIN: "example.com",
  RATE_LIMIT_FACTOR: "2",
  TRUSTED_PROXIES: "10.0.0.0/8",
  LOG_LEVEL: "warn",
  SHUTDOWN_DELAY: "3s",
  WORKERS: "2",
  ROUTES_FILE: "/etc/passbridge/gateway.yml",
};
const CALLERS = [
  ["nothing set", {}],
  ["another address", HTTPS],
  ["many settings", TUNED],
] as const;

function composeFor(caller: Readonly<Record<string, string>>): ComposeFile {
  return readCompose(
    "docker-compose.yml",
    composeEnvironment(resolveSettings(secrets, caller), { ...secrets, ...caller }),
  );
}

function environmentOf(file: ComposeFile, service: string): Record<string, string> {
  return { ...file.services[service]?.environment };
}

test("the services are the same, and need the same services", () => {
  const file = composeFor({});
  const oneShots = ["gateway-migrate", "kratos-migrate"];
  const names = Object.keys(file.services).filter((name) => !oneShots.includes(name));
  expect(names.sort()).toEqual(SERVICES.map(({ name }) => name).sort());
  for (const { name, needs } of SERVICES) {
    const dependencies = Object.keys(file.services[name]?.depends_on ?? {}).filter(
      (other) => !oneShots.includes(other),
    );
    expect(dependencies.sort(), name).toEqual([...needs].sort());
  }
});

test.each(CALLERS)("Kratos gets the same configuration: %s", (_, caller) => {
  const file = composeFor(caller);
  const inCompose = {
    ...kratosSettings(resolveSettings(secrets, caller)),
    databaseUrl: `postgres://passbridge:${secrets.POSTGRES_PASSWORD}@postgres:5432/kratos?sslmode=disable`,
    smtpUrl: "smtp://mailpit:1025/?disable_starttls=true",
    host: "0.0.0.0",
    hooks: { url: "http://gateway-operators:8081/hooks/kratos", secret: secrets.KRATOS_HOOK_SECRET ?? "" },
  };
  expect(environmentOf(file, "kratos")).toEqual(kratosEnvironment(inCompose));
  expect(environmentOf(file, "kratos-migrate")).toEqual(environmentOf(file, "kratos"));
});

test("Kratos is started alike: the same arguments in the same folder", () => {
  const { kratos, "kratos-migrate": migrate } = composeFor({}).services;
  const native = planKratos("kratos", kratosSettings(resolveSettings(secrets, {})));
  expect(kratos?.command).toEqual(native.args);
  expect(migrate?.command?.slice(0, 2)).toEqual(["migrate", "sql"]);
  const folder = kratos?.volumes?.find((volume) => typeof volume !== "string" && volume.target === kratos.working_dir);
  expect(folder).toMatchObject({ source: "./kratos" });
  expect(join(CHECKOUT, "kratos")).toBe(native.cwd);
});

/** Every name in the schema of config.ts; the values are of no matter here. */
function gatewaySettingNames(): string[] {
  const source = readFileSync(join(CHECKOUT, "gateway/src/config.ts"), "utf8");
  return [...source.matchAll(/^ {2}([A-Z][A-Z_]+): /gm)].map((match) => match[1] ?? "");
}

test("every setting of the gateway can be given in compose, and no other", () => {
  const names = gatewaySettingNames();
  expect(names).toContain("SESSION_SECRETS");
  // Paths in the image: set by the Dockerfile and by deploy/compose.tls.yml.
  const inImage = ["PAGES_DIR", "TLS_CERT_FILE", "TLS_KEY_FILE"];
  const expected = names.filter((name) => !inImage.includes(name));
  const file = composeFor({});
  expect(Object.keys(environmentOf(file, "gateway")).sort()).toEqual(expected.sort());
  expect(environmentOf(file, "gateway-migrate")).toEqual(environmentOf(file, "gateway"));
});

test.each(CALLERS)("the gateway gets the same settings, but for where the parts are: %s", (_, caller) => {
  const native = loadConfig({ NODE_ENV: "production", ...caller, ...resolveSettings(secrets, caller) });
  const composed = loadConfig(environmentOf(composeFor(caller), "gateway"));
  const places = {
    listen: { ...native.listen, host: "0.0.0.0" },
    operator: { ...native.operator, host: "gateway-operators" },
    upstream: { ...native.upstream, url: new URL("http://frontend:3000") },
    kratos: { ...native.kratos, publicUrl: new URL("http://kratos:4433"), adminUrl: new URL("http://kratos:4434") },
    databaseUrl: `postgres://passbridge:${secrets.POSTGRES_PASSWORD}@postgres:5432/gateway`,
    redis: { ...native.redis, urls: [`redis://:${secrets.REDIS_PASSWORD}@redis:6379`] },
    mail: { ...native.mail, url: new URL("smtp://mailpit:1025/?disable_starttls=true") },
  };
  expect(composed).toEqual({ ...native, ...places });
});

test("an address the caller gives wins in compose too", () => {
  const caller = {
    DATABASE_URL: "postgres://u:p@one:5432,two:5432/gateway?target_session_attrs=read-write&sslmode=verify-full",
    REDIS_URL: "rediss://elsewhere",
    UPSTREAM_URL: "http://app.internal:5000",
    KRATOS_DATABASE_URL: "postgres://u:p@one:5432,two:5432/kratos?target_session_attrs=read-write&sslmode=verify-full",
    SMTP_URL: "smtps://mail.example.com:465/",
  };
  const file = composeFor(caller);
  expect(environmentOf(file, "gateway")).toMatchObject({
    DATABASE_URL: caller.DATABASE_URL,
    REDIS_URL: caller.REDIS_URL,
    UPSTREAM_URL: caller.UPSTREAM_URL,
    SMTP_URL: caller.SMTP_URL,
  });
  expect(environmentOf(file, "kratos")).toMatchObject({
    DSN: caller.KRATOS_DATABASE_URL,
    COURIER_SMTP_CONNECTION_URI: caller.SMTP_URL,
  });
});

test("the sample's rules are in force for the sample alone, unless the caller names a file", () => {
  const fileFor = (caller: Record<string, string>) => [
    loadConfig({ NODE_ENV: "production", ...resolveSettings(secrets, caller) }).routesFile,
    loadConfig(environmentOf(composeFor(caller), "gateway")).routesFile,
  ];
  const own = { UPSTREAM_URL: "http://app.internal:5000" };
  expect(fileFor({})).toEqual(["gateway/gateway.yml", "gateway/gateway.yml"]);
  expect(fileFor(own)).toEqual([undefined, undefined]);
  expect(fileFor({ ...own, ROUTES_FILE: "own.yml" })).toEqual(["own.yml", "own.yml"]);
  expect(existsSync(join(CHECKOUT, "gateway/gateway.yml"))).toBe(true);
});

test("Redis keeps sessions the same way", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "passbridge-redis-"));
  try {
    await planRedis({ dataDir, port: 1, password: "" }).prepare?.(0);
    const native = await readFile(join(dataDir, "redis.conf"), "utf8");
    const command = composeFor({}).services.redis?.command?.join(" ") ?? "";
    for (const name of ["maxmemory-policy", "appendonly", "save"]) {
      const value = new RegExp(`^${name} "(.+)"$`, "m").exec(native)?.[1];
      expect(command.replaceAll('"', "")).toContain(`--${name} ${value}`);
    }
  } finally {
    await rm(dataDir, { recursive: true });
  }
});

test("Kratos' cookies are Secure unless the address is plain http, and always where nobody says so", () => {
  const devOf = (environment: NodeJS.ProcessEnv) =>
    environmentOf(readCompose("docker-compose.yml", { ...secrets, ...environment }), "kratos").DEV;
  const settingsOf = (PUBLIC_URL: string) => resolveSettings(secrets, { PUBLIC_URL });
  expect(devOf({})).toBe("false");
  expect(devOf(composeEnvironment(settingsOf("http://localhost:8080"), {}))).toBe("true");
  expect(devOf(composeEnvironment(settingsOf("https://id.example.com"), {}))).toBe("false");
});
