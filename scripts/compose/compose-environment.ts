/**
 * The environment `docker compose` is called with: the caller's, and what compose cannot work out by itself.
 * @param publicUrl PUBLIC_URL as the settings have it.
 */
export function composeEnvironment(publicUrl: string, caller: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  // The same rule as in kratosEnvironment(): Kratos' cookies are not Secure on plain http.
  const insecureCookies = String(publicUrl.startsWith("http:"));
  return { ...caller, KRATOS_DEV: caller.KRATOS_DEV?.trim() || insecureCookies };
}
