import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { enterCode } from "./support/address-owner.ts";
import { createBrowser, type TestBrowser } from "./support/browser.ts";
import { createTestDatabase, type RunningGateway, startGateway } from "./support/start-gateway.ts";

let gateway: RunningGateway;
beforeAll(async () => {
  gateway = await startGateway({ env: { DATABASE_URL: await createTestDatabase() } });
});
afterAll(() => gateway.stop());

const browser = () => createBrowser(gateway.origin);
const statusOf = async (pending: Promise<Response>) => (await pending).status;

describe("a code the gateway knows no mail of", () => {
  test("is refused, as if the flow were over", async () => {
    const answer = await enterCode(browser(), "?flow=6f1c2a3e-0000-4000-8000-000000000001", "123456");
    expect(answer.status).toBe(404);
  });

  test.each(["6F1C2A3E-0000-4000-8000-000000000001", "6f1c2a3e000040008000000000000001", "x"])(
    "flow %s is not read in Kratos' generous way",
    async (flow) => {
      const path = `/.ory/kratos/self-service/verification?flow=${flow}`;
      expect(await statusOf(browser().post(path, { method: "code", email: "a@example.com" }))).toBe(404);
    },
  );

  const post = (ann: TestBrowser, path: string, json: unknown) => statusOf(ann.post(path, json));
  test("members in other cases, twice named flows and forms are refused", async () => {
    const path = "/.ory/kratos/self-service/verification";
    const flow = "6f1c2a3e-0000-4000-8000-000000000001";
    expect(await post(browser(), `${path}?flow=${flow}`, { method: "code", Email: "a@example.com" })).toBe(400);
    expect(await post(browser(), `${path}?flow=${flow}&flow=${flow}`, { method: "code" })).toBe(400);
    expect(await post(browser(), "/.ory/kratos/self-service/verif%69cation?flow=x", { method: "code" })).toBe(404);
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const answer = browser().fetch(`${path}?flow=${flow}`, { method: "POST", json: {}, headers: form });
    expect(await statusOf(answer)).toBe(415);
  });
});
