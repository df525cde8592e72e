import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createBrowser } from "./support/browser.ts";
import { OPERATIONS } from "./support/contract.ts";
import { createTestDatabase, type RunningGateway, startGateway } from "./support/start-gateway.ts";

let gateway: RunningGateway;
beforeAll(async () => {
  gateway = await startGateway({
    env: {
      DATABASE_URL: await createTestDatabase(),
      UPSTREAM_URL: "http://127.0.0.1:9",
      // Only who is trusted may ask /api/authz.
      TRUSTED_PROXIES: "127.0.0.1",
    },
  });
});
afterAll(() => gateway.stop());

const ANSWERED = [200, 204, 302, 400, 401];

describe("every operation of docs/openapi.yaml", () => {
  it.each(OPERATIONS)("$method $path is the gateway's own, and answers a stranger as documented", async (operation) => {
    const path = operation.path.replaceAll(/\{[^}]+\}/g, Buffer.alloc(32).toString("base64url"));
    const method = operation.method;
    const request = method === "GET" ? { method } : { method, json: {} };
    const response = await createBrowser(gateway.origin).fetch(path, request);
    expect(ANSWERED).toContain(response.status);
    if (response.status === 401) expect(await response.json()).toMatchObject({ code: "unauthenticated" });
  });
});
