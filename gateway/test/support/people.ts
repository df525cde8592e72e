import { randomBytes } from "node:crypto";
import { codeIn, type Mailbox } from "../../../scripts/parts/mailbox.ts";
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

/** Starts a browser flow of Kratos and submits it, as the page does. */
export async function submit(browser: TestBrowser, kind: string, values: Record<string, unknown>): Promise<Response> {
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

/** Recovers an account by the code in the mail, through the gateway. */
export async function recover(browser: TestBrowser, email: string, mailbox: Mailbox): Promise<void> {
  const asked = await submit(browser, "recovery", { method: "code", email });
  const flow = (await asked.json()) as Flow;
  const code = codeIn(await mailbox.waitFor(email, (mail) => /recover/i.test(mail.subject + mail.text)));
  const csrf = flow.ui.nodes.find((node) => node.attributes.name === "csrf_token")?.attributes.value;
  const path = `/.ory/kratos/self-service/recovery?flow=${flow.id}`;
  const response = await browser.post(path, { method: "code", code, csrf_token: csrf });
  if (![200, 422].includes(response.status)) throw new Error(`recovery: ${response.status} ${await response.text()}`);
}
