export type DashboardConfig = {
  readonly host: string;
  readonly port: number;
  /** Origin people open, and issuer of identity tokens. */
  readonly publicUrl: URL;
  /** Where this server fetches the gateway's public keys. */
  readonly gatewayUrl: URL;
  /** The `aud` an identity token must carry. */
  readonly audience: string;
};

/**
 * Reads the settings of the sample application.
 * @throws Error naming every setting that is not valid.
 */
export function loadDashboardConfig(env: NodeJS.ProcessEnv): DashboardConfig {
  const faults: string[] = [];

  function url(name: string, otherwise: string): URL {
    const value = env[name]?.trim() || otherwise;
    const parsed = URL.parse(value);
    if (parsed && /^https?:$/.test(parsed.protocol)) return parsed;
    faults.push(`${name}: ${value} is not an http or https address`);
    return new URL(otherwise);
  }

  function port(name: string, otherwise: number): number {
    const value = env[name]?.trim() || String(otherwise);
    if (/^\d{1,5}$/.test(value) && Number(value) <= 65_535) return Number(value);
    faults.push(`${name}: ${value} is not a port`);
    return otherwise;
  }

  const publicUrl = url("PUBLIC_URL", "http://localhost:8080");
  const config: DashboardConfig = {
    host: env.DASHBOARD_HOST?.trim() || "127.0.0.1",
    port: port("DASHBOARD_PORT", 3000),
    publicUrl,
    gatewayUrl: url("GATEWAY_URL", publicUrl.origin),
    audience: env.DASHBOARD_AUDIENCE?.trim() || publicUrl.origin,
  };
  if (faults.length > 0) throw new Error(`The settings are not valid:\n${faults.map((f) => `  - ${f}`).join("\n")}`);
  return config;
}
