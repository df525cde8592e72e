import type { Settings } from "../settings.ts";

/**
 * The environment `docker compose` is called with: the caller's, and what compose cannot work out by itself.
 * @param settings as the scripts have settled them.
 */
export function composeEnvironment(
  { PUBLIC_URL, ROUTES_FILE }: Pick<Settings, "PUBLIC_URL" | "ROUTES_FILE">,
  caller: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  // The same rule as in kratosEnvironment(): Kratos' cookies are not Secure on plain http.
  const insecureCookies = String(PUBLIC_URL.startsWith("http:"));
  return { ...caller, ROUTES_FILE, KRATOS_DEV: caller.KRATOS_DEV?.trim() || insecureCookies };
}
