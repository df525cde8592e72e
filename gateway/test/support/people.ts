import { randomBytes } from "node:crypto";
import type { TestBrowser } from "./browser.ts";

export type Person = { readonly email: string; readonly password: string };

export const createPerson = (name = "person"): Person => ({
  email: `${name}-${randomBytes(6).toString("hex")}@example.com`,
  password: randomBytes(12).toString("base64url"),
});

type Flow = { id: string; ui: { action: string; nodes: { attributes: { name?: string; value?: unknown } }[] } };

async function startFlow(browser: TestBrowser, kind: string): Promise<Flow> {
  const response = await browser.fetch(`/.ory/kratos/self-service/${kind}/browser`);
  if (!response.ok) throw new Error(`${kind} flow: ${response.status} ${await response.text()}`);
  return (await response.json()) as Flow;
}

async function submit(browser: TestBrowser, kind: string, values: Record<string, unknown>): Promise<Response> {
  const flow = await startFlow(browser, kind);
  const csrf = flow.ui.nodes.find((node) => node.attributes.name === "csrf_token")?.attributes.value;
  return browser.post(`/.ory/kratos/self-service/${kind}?flow=${flow.id}`, { csrf_token: csrf, ...values });
}

/** Signs a person up with a password, through the gateway, as the page does. */
export async function signUp(browser: TestBrowser, { email, password }: Person): Promise<void> {
  const response = await submit(browser, "registration", { method: "password", password, traits: { email } });
  if (response.status !== 200) throw new Error(`sign-up: ${response.status} ${await response.text()}`);
}

/** Signs a person in with their password, through the gateway. */
export async function signIn(browser: TestBrowser, { email, password }: Person): Promise<void> {
  const response = await submit(browser, "login", { method: "password", identifier: email, password });
  if (response.status !== 200) throw new Error(`sign-in: ${response.status} ${await response.text()}`);
}
