import { createMailbox } from "../../../scripts/parts/mailbox.ts";
import { createIdentityRoles } from "../../src/kratos/identity-roles.ts";
import { createOryKratosClient } from "../../src/kratos/ory-kratos-client.ts";
import { verifyByLink } from "./address-owner.ts";
import { createBrowser, type TestBrowser } from "./browser.ts";
import { createPasskeyFor, signInWithPasskey } from "./passkey-steps.ts";
import { createPerson, type Person, signUp } from "./people.ts";
import type { RunningGateway } from "./start-gateway.ts";

/** Every state a browser may come in; a Cookie header each, empty for nobody. */
export type ExitPeople = Readonly<Record<(typeof STATES)[number], string>>;

export const STATES = [
  "nobody",
  "password",
  "verified",
  "passkey",
  "passkeyAal1",
  "both",
  "administrator",
  "staff",
  "signedOut",
  "forged",
] as const;

export type ExitPeopleOptions = {
  readonly gateway: RunningGateway;
  readonly mailUrl: string;
  /** Called once the password sessions are there: those made after it are newer. */
  readonly later?: () => void;
};

export const cookieOf = ({ cookies }: TestBrowser) => [...cookies].map((pair) => pair.join("=")).join("; ");

/** Only the gateway's own session: what stays of Kratos' is another way in. */
function passkeyOnly(browser: TestBrowser): TestBrowser {
  browser.cookies.delete("ory_kratos_session");
  return browser;
}

const roleStore = ({ config: { kratos } }: RunningGateway) =>
  createIdentityRoles({ config: kratos, kratos: createOryKratosClient(kratos) });

/** Signs people in for real, in every way; needs a policy that takes passkeys without user verification. */
export async function signInExitPeople({ gateway, mailUrl, later }: ExitPeopleOptions): Promise<ExitPeople> {
  const newBrowser = () => createBrowser(gateway.origin);
  const join = async (name: string) => {
    const browser = newBrowser();
    const person = createPerson(name);
    await signUp(browser, person);
    return { browser, person };
  };
  const roles = roleStore(gateway);
  const password = await join("password");
  const verified = await join("verified");
  await verifyByLink(verified.browser, verified.person.email, createMailbox(mailUrl));
  const withPasskey = async (settings: Parameters<typeof createPasskeyFor>[1], ...granted: string[]) => {
    const { browser, person } = await join("passkey");
    for (const role of granted) await roles.grant(person.email, role);
    return { browser, person, authenticator: await createPasskeyFor(browser, settings) };
  };
  const [passkey, weak, both, administrator, staff] = [
    await withPasskey({}),
    await withPasskey({ flags: { uv: false } }),
    await withPasskey({}),
    await withPasskey({}, "admin", "staff"),
    await withPasskey({}, "staff"),
  ];
  later?.();
  const byPasskey = async ({ authenticator }: typeof passkey, browser = newBrowser()) => {
    const answer = await signInWithPasskey(browser, authenticator);
    if (answer.status !== 200) throw new Error(`sign-in: ${answer.status} ${await answer.text()}`);
    return browser;
  };
  const left = await byPasskey(passkey);
  const leftCookie = cookieOf(left);
  await left.post("/api/auth/logout");
  return {
    nobody: "",
    password: cookieOf(password.browser),
    verified: cookieOf(verified.browser),
    passkey: cookieOf(await byPasskey(passkey)),
    passkeyAal1: cookieOf(passkeyOnly(await byPasskey(weak))),
    both: cookieOf(await byPasskey(both, both.browser)),
    administrator: cookieOf(await byPasskey(administrator)),
    staff: cookieOf(staff.browser),
    signedOut: leftCookie,
    forged: "passbridge_session=s%3Aforged.AAAA; ory_kratos_session=nonsense",
  };
}

/** Two people in one browser: the newer sign-in counts, and the older one is ended by the first request. */
export async function signInTwo(gateway: RunningGateway): Promise<{ browser: TestBrowser; newer: Person }> {
  const browser = createBrowser(gateway.origin);
  const older = createPerson("older");
  await signUp(browser, older);
  const authenticator = await createPasskeyFor(browser);
  await signInWithPasskey(browser, authenticator);
  const other = createBrowser(gateway.origin);
  const newer = createPerson("newer");
  await signUp(other, newer);
  browser.cookies.set("ory_kratos_session", other.cookies.get("ory_kratos_session") ?? "");
  return { browser, newer };
}
