import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { checkHttp } from "../parts/http-check.ts";
import { issueCertificate } from "../tls/certificate.ts";
import { healthUrl } from "./container-health.ts";

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function portOf(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return String((server.address() as AddressInfo).port);
}

const check = (url: URL) => checkHttp(url.href);

const answers =
  (path: string): RequestListener =>
  (request, response) => {
    response.writeHead(request.url === path ? 200 : 503).end();
  };

test("asks the gateway whether it is alive, the dashboard for its own page", async () => {
  await check(healthUrl("gateway", { PORT: await portOf(createServer(answers("/health/alive"))) }));
  await check(healthUrl("frontend", { DASHBOARD_PORT: await portOf(createServer(answers("/healthz"))) }));
});

test("asks over https where the gateway ends TLS itself", async () => {
  const folder = await mkdtemp(join(tmpdir(), "passbridge-health-"));
  try {
    const { certificateFile, keyFile } = await issueCertificate(folder);
    const options = { cert: await readFile(certificateFile), key: await readFile(keyFile) };
    const port = await portOf(createSecureServer(options, answers("/health/alive")));
    await check(healthUrl("gateway", { PORT: port, TLS_CERT_FILE: certificateFile }));
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("another answer, no answer and an unknown service are failures", async () => {
  const ill = await portOf(createServer(answers("/elsewhere")));
  await expect(check(healthUrl("gateway", { PORT: ill }))).rejects.toThrow("answered 503");
  const gone = createServer();
  const port = await portOf(gone);
  await new Promise((resolve) => gone.close(resolve));
  await expect(check(healthUrl("gateway", { PORT: port }))).rejects.toThrow("ECONNREFUSED");
  expect(() => healthUrl("postgres", {})).toThrow("usage");
});
