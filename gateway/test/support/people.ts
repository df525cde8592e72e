import { randomBytes } from "node:crypto";
import { codeIn, type Mail, type Mailbox } from "../../../scripts/parts/mailbox.ts";
import type { TestBrowser } from "./browser.ts";

export type Person = { readonly email: string; readonly password: string };

export const createPerson = (name = "person"): Person => ({
  email: `${name}-${randomBytes(6).toString("hex")}@example.com`,
  password: randomBytes(12).toString("base64url"),
});

type Flow = { id: string; ui: { action: string; nodes: { attributes: { name?: string; value?: unknown } }[] } };

const csrfOf = (flow: Flow) => flow.ui.nodes.find((node) => node.attributes.name === "csrf_token")?.attributes.value;

/** Starts a browser flow of Kratos and submits it, as the page does; the first answer that is no success. */
export async function submit(browser: TestBrowser, kind: string, values: Record<string, unknown>): Promise<Response> {
  const started = await browser.fetch(`/.ory/kratos/self-service/${kind}/browser`);
  if (!started.ok) return started;
  const flow = (await started.json()) as Flow;
  return browser.post(`/.ory/kratos/self-service/${kind}?flow=${flow.id}`, { csrf_token: csrfOf(flow), ...values });
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

/** Signs a person out by Kratos' own flow, through the gateway. */
export async function signOutOfKratos(browser: TestBrowser): Promise<void> {
  const flow = await browser.fetch("/.ory/kratos/self-service/logout/browser");
  const { logout_token } = (await flow.json()) as { logout_token: string };
  const path = `/.ory/kratos/self-service/logout?token=${encodeURIComponent(logout_token)}`;
  const response = await browser.fetch(path);
  if (response.status !== 204) throw new Error(`sign-out: ${response.status} ${await response.text()}`);
}

type Values = Readonly<Record<string, string>>;

/** Has a code mailed by the first values, and submits it with the second ones. */
async function passByCode(browser: TestBrowser, kind: string, first: Values, second: () => Promise<Values>) {
  const flow = (await (await submit(browser, kind, { method: "code", ...first })).json()) as Flow;
  const path = `/.ory/kratos/self-service/${kind}?flow=${flow.id}`;
  const response = await browser.post(path, { method: "code", csrf_token: csrfOf(flow), ...(await second()) });
  if (![200, 422].includes(response.status)) throw new Error(`${kind}: ${response.status} ${await response.text()}`);
}

/** Recovers an account by the code in the mail, through the gateway. */
export function recover(browser: TestBrowser, email: string, mailbox: Mailbox): Promise<void> {
  const isIt = (mail: Mail) => /^Your recovery code:/.test(mail.subject);
  return passByCode(browser, "recovery", { email }, async () => ({ code: codeIn(await mailbox.waitFor(email, isIt)) }));
}

/** Signs a person in by the code in the mail, through the gateway. */
export function signInByCode(browser: TestBrowser, email: string, mailbox: Mailbox): Promise<void> {
  const isIt = (mail: Mail) => /sign-in code/i.test(mail.subject);
  const identifier = email;
  return passByCode(browser, "login", { identifier }, async () => {
    return { identifier, code: codeIn(await mailbox.waitFor(email, isIt)) };
  });
}
