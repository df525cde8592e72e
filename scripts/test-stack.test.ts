import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeIn } from "./parts/mailbox.ts";
import { startTestStack, type TestStack } from "./test-stack.ts";

const PUBLIC_URL = "http://localhost:8080";

type Node = { attributes: { name?: string; value?: string } };
type Flow = { id: string; ui: { nodes: Node[] }; state?: string };

/** A browser as far as Kratos' browser flows need one: it keeps cookies and asks for JSON. */
function createBrowser(origin: string) {
  const cookies = new Map<string, string>();
  const request = async <Body>(path: string, body?: object) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { accept: "application/json", "content-type": "application/json", cookie };
    const response = await fetch(origin + path, {
      headers,
      redirect: "manual",
      ...(body && { method: "POST", body: JSON.stringify(body) }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [name = "", value = ""] = (line.split(";")[0] ?? "").split(/=(.*)/s);
      cookies.set(name, value);
    }
    return { status: response.status, body: (await response.json()) as Body };
  };
  return { request, cookies };
}

const csrfToken = (flow: Flow) => flow.ui.nodes.find((node) => node.attributes.name === "csrf_token")?.attributes.value;

describe("the test stack with the Kratos configuration", () => {
  let stack: TestStack;
  beforeAll(async () => {
    stack = await startTestStack({ publicUrl: PUBLIC_URL });
  });
  afterAll(() => stack.stop());

  async function signUp(email: string) {
    const browser = createBrowser(stack.kratosPublicUrl);
    const { body: flow } = await browser.request<Flow>("/self-service/registration/browser");
    const traits = { email, name: "Ada" };
    const fields = { method: "password", csrf_token: csrfToken(flow), password: "correct-horse-77", traits };
    const answer = await browser.request<{ continue_with: { action: string; flow?: { id: string; url: string } }[] }>(
      `/self-service/registration?flow=${flow.id}`,
      fields,
    );
    return { browser, ...answer };
  }

  it("signs people up in one step and signs them in", async () => {
    const { browser, status } = await signUp("ada@example.com");
    expect(status).toBe(200);
    const whoami = await browser.request<{ identity: { traits: object } }>("/sessions/whoami");
    expect(whoami).toMatchObject({
      status: 200,
      body: { identity: { traits: { email: "ada@example.com", name: "Ada" } } },
    });
  });

  it("mails a six-digit code that verifies the address, and a link through the gateway", async () => {
    const { browser, body } = await signUp("bea@example.com");
    const flow = body.continue_with.find((step) => step.action === "show_verification_ui")?.flow;
    expect(flow?.url).toBe(`${PUBLIC_URL}/verify?flow=${flow?.id}`);
    const mail = await stack.mail.waitFor("bea@example.com");
    expect(mail.text).toContain(`${PUBLIC_URL}/.ory/kratos/self-service/verification?code=${codeIn(mail)}`);
    const { body: shown } = await browser.request<Flow>(`/self-service/verification/flows?id=${flow?.id}`);
    const fields = { method: "code", code: codeIn(mail), csrf_token: csrfToken(shown) };
    const { body: done } = await browser.request<Flow>(`/self-service/verification?flow=${flow?.id}`, fields);
    expect(done.state).toBe("passed_challenge");
  });

  it("mails a recovery code whose use ends the other sessions", async () => {
    const { browser: lost } = await signUp("cleo@example.com");
    const browser = createBrowser(stack.kratosPublicUrl);
    const { body: flow } = await browser.request<Flow>("/self-service/recovery/browser");
    const action = `/self-service/recovery?flow=${flow.id}`;
    const email = "cleo@example.com";
    await browser.request(action, { method: "code", email, csrf_token: csrfToken(flow) });
    const mail = await stack.mail.waitFor(email, ({ subject }) => subject.includes("recovery"));
    const fields = { method: "code", code: codeIn(mail), csrf_token: csrfToken(flow) };
    const { status, body } = await browser.request<{ redirect_browser_to: string }>(action, fields);
    expect(status).toBe(422);
    expect(body.redirect_browser_to).toMatch(new RegExp(`^${PUBLIC_URL}/account\\?flow=`));
    expect((await browser.request("/sessions/whoami")).status).toBe(200);
    expect((await lost.request("/sessions/whoami")).status).toBe(401);
  });

  it("answers a wrong password and an unknown address alike, and mails nothing to strangers", async () => {
    await signUp("dora@example.com");
    const attempt = async (identifier: string) => {
      const browser = createBrowser(stack.kratosPublicUrl);
      const { body: flow } = await browser.request<Flow>("/self-service/login/browser");
      const fields = { method: "password", identifier, password: "wrong-horse-77", csrf_token: csrfToken(flow) };
      const answer = await browser.request<{ ui: { messages: object[] } }>(
        `/self-service/login?flow=${flow.id}`,
        fields,
      );
      return { status: answer.status, messages: answer.body.ui.messages };
    };
    expect(await attempt("nobody@example.com")).toEqual(await attempt("dora@example.com"));
    expect(await stack.mail.list("nobody@example.com")).toEqual([]);
  });

  it("refuses to send people to foreign pages", async () => {
    const browser = createBrowser(stack.kratosPublicUrl);
    const foreign = encodeURIComponent(`${PUBLIC_URL}.evil.example/`);
    expect((await browser.request(`/self-service/login/browser?return_to=${foreign}`)).status).toBe(400);
  });

  it("gives each test file a database of its own", async () => {
    const url = await stack.createDatabase("own_database");
    expect(new URL(url).pathname).toBe("/own_database");
    expect(await stack.createDatabase("own_database")).toBe(url);
  });

  it("stops a part and starts it again with its data, beside another stack", async () => {
    const other = await startTestStack({ parts: ["redis"] });
    await signUp("emma@example.com");
    const ready = () => fetch(`${stack.kratosPublicUrl}/health/ready`);
    await stack.kratos.stop();
    await expect(ready()).rejects.toThrow();
    await stack.postgres.kill();
    await stack.postgres.start();
    await stack.kratos.start();
    expect((await ready()).status).toBe(200);
    const identities = await fetch(`${stack.kratosAdminUrl}/admin/identities?credentials_identifier=emma@example.com`);
    expect(await identities.json()).toHaveLength(1);
    await other.stop();
  });
});
