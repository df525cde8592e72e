import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { createTestDatabase, startGateway } from "./support/start-gateway.ts";

it("shows metrics and health to operators, and metrics to nobody else", async () => {
  const gateway = await startGateway({ env: { DATABASE_URL: await createTestDatabase() } });
  const operators = createServer(gateway.gateway.operatorApp).listen(0, "127.0.0.1");
  try {
    await once(operators, "listening");
    const { port } = operators.address() as AddressInfo;
    for (const path of ["/api/auth/session", "/login", "/loginx", "/api/authors"]) await fetch(gateway.origin + path);
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(metrics).toMatch(/passbridge_http_request_duration_seconds_count\{part="api",method="GET",status="200"\} 1/);
    expect(metrics).toMatch(/_count\{part="pages",method="GET",status="\d+"\} 1/);
    expect(metrics).toMatch(/_count\{part="upstream",method="GET",status="401"\} 2/);
    expect(metrics).toMatch(/^passbridge_mail_outbox_size 0$/m);
    expect((await fetch(`http://127.0.0.1:${port}/health/ready`)).status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${port}/api/auth/session`)).status).toBe(404);
    expect((await fetch(`${gateway.origin}/metrics`)).status).toBe(401);
  } finally {
    operators.closeAllConnections();
    operators.close();
    await gateway.stop();
  }
});
