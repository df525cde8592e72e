import { checkHttp } from "../parts/http-check.ts";

const SERVICES = {
  gateway: (env: NodeJS.ProcessEnv) =>
    `${env.TLS_CERT_FILE ? "https" : "http"}://127.0.0.1:${env.PORT || 8080}/health/alive`,
  frontend: (env: NodeJS.ProcessEnv) => `http://127.0.0.1:${env.DASHBOARD_PORT || 3000}/healthz`,
};

/**
 * Where a service's container answers whether it is alive.
 * @throws Error when the name is not one of a service built here.
 */
export function healthUrl(service: string | undefined, env: NodeJS.ProcessEnv): URL {
  if (service !== "gateway" && service !== "frontend") throw new Error("usage: container-health.ts gateway | frontend");
  return new URL(SERVICES[service](env));
}

if (import.meta.main) await checkHttp(healthUrl(process.argv[2], process.env).href);
