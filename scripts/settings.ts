import { randomBytes } from "node:crypto";

/** Names of all settings the scripts know; config.ts knows the gateway's further ones, which are passed on untouched. */
export type SettingName = keyof typeof DEFAULTS | keyof typeof SECRETS;

export type Settings = Readonly<Record<SettingName, string>>;

type Values = Readonly<Record<string, string | undefined>>;

/** Secrets are made once and kept in the settings file. The lengths are what each part demands. */
export const SECRETS = {
  SESSION_SECRETS: () => randomBytes(36).toString("base64url"),
  KRATOS_HOOK_SECRET: () => randomBytes(36).toString("base64url"),
  POSTGRES_PASSWORD: () => randomBytes(24).toString("hex"),
  REDIS_PASSWORD: () => randomBytes(24).toString("hex"),
  KRATOS_SECRETS_COOKIE: () => randomBytes(32).toString("hex"),
  // Kratos' cipher takes 32 characters, not one more (its configuration schema, secrets.cipher).
  KRATOS_SECRETS_CIPHER: () => randomBytes(16).toString("hex"),
} as const;

/** Every other setting's default; one that follows from others is a function of them. */
export const DEFAULTS = {
  HOST: "127.0.0.1",
  PORT: "8080",
  OPERATOR_PORT: "8081",
  DASHBOARD_PORT: "3000",
  KRATOS_PUBLIC_PORT: "4433",
  KRATOS_ADMIN_PORT: "4434",
  SMTP_PORT: "1025",
  MAIL_UI_PORT: "8025",
  POSTGRES_PORT: "54329",
  REDIS_PORT: "63799",
  PUBLIC_URL: (get: Get) => `http://localhost:${get("PORT")}`,
  UPSTREAM_URL: sampleAddress,
  // From the checkout's folder, which is the image's as well. The sample's rules are not for another application.
  ROUTES_FILE: (get: Get) => (get("UPSTREAM_URL") === sampleAddress(get) ? "gateway/gateway.yml" : ""),
  KRATOS_PUBLIC_URL: (get: Get) => `http://127.0.0.1:${get("KRATOS_PUBLIC_PORT")}`,
  KRATOS_ADMIN_URL: (get: Get) => `http://127.0.0.1:${get("KRATOS_ADMIN_PORT")}`,
  KRATOS_HOOK_URL: (get: Get) => `http://127.0.0.1:${get("OPERATOR_PORT")}/hooks/kratos`,
  DATABASE_URL: (get: Get) => postgresAddress(get, "gateway"),
  KRATOS_DATABASE_URL: (get: Get) => `${postgresAddress(get, "kratos")}?sslmode=disable`,
  REDIS_URL: (get: Get) => `redis://:${encodeURIComponent(get("REDIS_PASSWORD"))}@127.0.0.1:${get("REDIS_PORT")}`,
  SMTP_URL: (get: Get) => `smtp://127.0.0.1:${get("SMTP_PORT")}/?disable_starttls=true`,
  MAIL_FROM: "no-reply@passbridge.localhost",
  PASSKEY_RP_NAME: "Passbridge",
  SESSION_MAX_AGE: "24h",
  PRIVILEGED_MAX_AGE: "15m",
  HAVEIBEENPWNED_ENABLED: "false",
  CODE_SIGN_IN: "false",
  COOKIE_DOMAIN: () => "",
} as const;

type Get = (name: SettingName) => string;

function sampleAddress(get: Get): string {
  return `http://127.0.0.1:${get("DASHBOARD_PORT")}`;
}

function postgresAddress(get: Get, database: string): string {
  return `postgres://passbridge:${encodeURIComponent(get("POSTGRES_PASSWORD"))}@127.0.0.1:${get("POSTGRES_PORT")}/${database}`;
}

const isSecret = (name: SettingName): name is keyof typeof SECRETS => name in SECRETS;

/**
 * Settles every setting: the caller's environment wins over the settings file, the file over the default.
 * Set but empty counts as unset.
 * @throws Error when a secret is in neither; makeMissingSecrets() makes them.
 */
export function resolveSettings(file: Values, environment: Values): Settings {
  const get: Get = (name) => {
    const given = environment[name]?.trim() || file[name]?.trim();
    if (given) return given;
    if (isSecret(name)) throw new Error(`the secret ${name} has not been made yet`);
    const fallback: string | ((get: Get) => string) = DEFAULTS[name];
    return typeof fallback === "function" ? fallback(get) : fallback;
  };
  const names = [...Object.keys(DEFAULTS), ...Object.keys(SECRETS)] as SettingName[];
  return Object.freeze(Object.fromEntries(names.map((name) => [name, get(name)]))) as Settings;
}

/** New values for the secrets that neither the file nor the environment gives. */
export function makeMissingSecrets(file: Values, environment: Values): Record<string, string> {
  const missing = Object.entries(SECRETS).filter(([name]) => !environment[name]?.trim() && !file[name]?.trim());
  return Object.fromEntries(missing.map(([name, make]) => [name, make()]));
}
