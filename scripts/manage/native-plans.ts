import { join } from "node:path";
import { planKratos } from "../parts/kratos.ts";
import { kratosBinaryPath } from "../parts/kratos-binary.ts";
import type { KratosSettings } from "../parts/kratos-environment.ts";
import { planMail } from "../parts/mail.ts";
import { planDashboard, planGateway } from "../parts/node-services.ts";
import type { PartPlan } from "../parts/part.ts";
import { planPostgres } from "../parts/postgres.ts";
import { planRedis } from "../parts/redis.ts";
import type { ServiceName } from "../services.ts";
import type { Settings } from "../settings.ts";
import type { Context } from "./context.ts";
import { postgresDataDir } from "./postgres-data-dir.ts";

/** What Kratos gets, from the settings. */
export function kratosSettings(settings: Settings): KratosSettings {
  return {
    publicUrl: settings.PUBLIC_URL.replace(/\/+$/, ""),
    databaseUrl: settings.KRATOS_DATABASE_URL,
    smtpUrl: settings.SMTP_URL,
    mailFrom: settings.MAIL_FROM,
    brandName: settings.PASSKEY_RP_NAME,
    cookieSecrets: settings.KRATOS_SECRETS_COOKIE,
    cipherSecrets: settings.KRATOS_SECRETS_CIPHER,
    host: "127.0.0.1",
    publicPort: Number(settings.KRATOS_PUBLIC_PORT),
    adminPort: Number(settings.KRATOS_ADMIN_PORT),
    sessionLifespan: settings.SESSION_MAX_AGE,
    privilegedMaxAge: settings.PRIVILEGED_MAX_AGE,
    breachCheck: settings.HAVEIBEENPWNED_ENABLED === "true",
    codeSignIn: settings.CODE_SIGN_IN === "true",
    cookieDomain: settings.COOKIE_DOMAIN,
    hooks: { url: settings.KRATOS_HOOK_URL.replace(/\/+$/, ""), secret: settings.KRATOS_HOOK_SECRET },
  };
}

/** The dashboard is an application of its own: it gets where the gateway is, and no secret. */
function dashboardEnvironment({ settings, environment }: Context): NodeJS.ProcessEnv {
  const { PATH, HOME, LANG, NODE_EXTRA_CA_CERTS } = environment;
  const { DASHBOARD_PORT, PUBLIC_URL } = settings;
  const own = {
    NODE_ENV: "production",
    HOST: "127.0.0.1",
    PORT: DASHBOARD_PORT,
    DASHBOARD_PORT,
    PUBLIC_URL,
    GATEWAY_URL: PUBLIC_URL,
  };
  return { PATH, HOME, LANG, NODE_EXTRA_CA_CERTS, ...own };
}

/**
 * How each service is started natively. Kratos' program has to be in the cache already.
 * @throws Failure when a program is missing.
 */
export function nativePlan(service: ServiceName, context: Context, watch = false): Promise<PartPlan> | PartPlan {
  const { settings, dataDir, environment } = context;
  const port = (name: keyof Settings) => Number(settings[name]);
  switch (service) {
    case "postgres":
      return planPostgres({
        dataDir: postgresDataDir(dataDir),
        port: port("POSTGRES_PORT"),
        password: settings.POSTGRES_PASSWORD,
      });
    case "redis":
      return planRedis({
        dataDir: join(dataDir, "redis"),
        port: port("REDIS_PORT"),
        password: settings.REDIS_PASSWORD,
      });
    case "mailpit":
      return planMail({ smtpPort: port("SMTP_PORT"), uiPort: port("MAIL_UI_PORT") });
    case "kratos":
      return planKratos(kratosBinaryPath(), kratosSettings(settings));
    case "frontend":
      return planDashboard({ environment: dashboardEnvironment(context), port: port("DASHBOARD_PORT") });
    case "gateway":
      return planGateway({ environment, port: port("PORT"), sources: watch && "watch" });
  }
}
