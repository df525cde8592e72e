import { type KratosHookSettings, kratosHooks } from "./kratos-hooks.ts";

/** What Kratos is told by environment, natively and in compose alike; everything else stands in kratos/kratos.yml. */
export type KratosSettings = {
  /** The origin people's browsers use, without a slash at its end. */
  readonly publicUrl: string;
  readonly databaseUrl: string;
  readonly smtpUrl: string;
  readonly mailFrom: string;
  readonly brandName: string;
  /** Comma-separated, the first signs; 16 characters or more each. */
  readonly cookieSecrets: string;
  /** Comma-separated, the first encrypts; exactly 32 characters each. */
  readonly cipherSecrets: string;
  /** Where it listens: the loopback address natively, every address of its container in compose. */
  readonly host: string;
  readonly publicPort: number;
  readonly adminPort: number;
  readonly sessionLifespan: string;
  readonly privilegedMaxAge: string;
  readonly breachCheck: boolean;
  /** Whether people may sign in with a code sent by e-mail. */
  readonly codeSignIn: boolean;
  /** Hosts below it get the session cookie as well; empty: the public address's host alone. */
  readonly cookieDomain: string;
  /** Null: Kratos tells nobody of changes; for tests that have no gateway of their own for it. */
  readonly hooks: KratosHookSettings | null;
  /** Only tests lower it. */
  readonly bcryptCost?: number;
};

const FLOW_PAGES = {
  LOGIN: "/login",
  REGISTRATION: "/register",
  VERIFICATION: "/verify",
  RECOVERY: "/recover",
  SETTINGS: "/account",
  ERROR: "/error",
} as const;

/** https://www.ory.com/docs/kratos/configuring: each name is the path of the setting in kratos.yml. */
export function kratosEnvironment(settings: KratosSettings): Record<string, string> {
  const { publicUrl } = settings;
  const pages = Object.entries(FLOW_PAGES).map(([flow, path]) => [
    `SELFSERVICE_FLOWS_${flow}_UI_URL`,
    publicUrl + path,
  ]);
  return {
    DSN: settings.databaseUrl,
    // Without https Kratos' cookies must not be Secure; browsers allow that on localhost only, where config.ts allows http.
    DEV: String(publicUrl.startsWith("http:")),
    SQA_OPT_OUT: "true",
    SERVE_PUBLIC_BASE_URL: `${publicUrl}/.ory/kratos/`,
    SERVE_PUBLIC_HOST: settings.host,
    SERVE_PUBLIC_PORT: String(settings.publicPort),
    SERVE_ADMIN_HOST: settings.host,
    SERVE_ADMIN_PORT: String(settings.adminPort),
    SELFSERVICE_DEFAULT_BROWSER_RETURN_URL: `${publicUrl}/`,
    SELFSERVICE_ALLOWED_RETURN_URLS: `${publicUrl}/`,
    SELFSERVICE_FLOWS_LOGOUT_AFTER_DEFAULT_BROWSER_RETURN_URL: `${publicUrl}/login`,
    ...Object.fromEntries(pages),
    SELFSERVICE_FLOWS_SETTINGS_PRIVILEGED_SESSION_MAX_AGE: settings.privilegedMaxAge,
    SELFSERVICE_METHODS_PASSWORD_CONFIG_HAVEIBEENPWNED_ENABLED: String(settings.breachCheck),
    SELFSERVICE_METHODS_CODE_PASSWORDLESS_ENABLED: String(settings.codeSignIn),
    SESSION_LIFESPAN: settings.sessionLifespan,
    // Not COOKIES_DOMAIN: Kratos' other cookies belong to its forms, which are at the public address alone.
    SESSION_COOKIE_DOMAIN: settings.cookieDomain,
    COURIER_SMTP_CONNECTION_URI: settings.smtpUrl,
    COURIER_SMTP_FROM_ADDRESS: settings.mailFrom,
    COURIER_SMTP_FROM_NAME: settings.brandName,
    ...(settings.hooks && kratosHooks(settings.hooks)),
    SECRETS_COOKIE: settings.cookieSecrets,
    SECRETS_DEFAULT: settings.cookieSecrets,
    SECRETS_CIPHER: settings.cipherSecrets,
    ...(settings.bcryptCost !== undefined && { HASHERS_BCRYPT_COST: String(settings.bcryptCost) }),
  };
}
