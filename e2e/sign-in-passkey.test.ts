import { describe, expect, test } from "vitest";
import { leaveAutofillAlone } from "./support/authenticator.ts";
import { look } from "./support/look.ts";
import type { Person } from "./support/people.ts";
import { provideShared } from "./support/shared.ts";
import {
  acceptPasskey,
  atDashboard,
  declineCodes,
  enterPassword,
  join,
  newcomer,
  signInByButton,
  signInByOtherDevice,
  signOut,
} from "./support/steps.ts";

const { mail, people } = provideShared();

test("without a passkey on this device the person goes on to the password, and sees no other dialog", async () => {
  const ann = await newcomer(people, mail, false);
  await ann.page.getByLabel("E-mail").fill(ann.email);
  await ann.page.keyboard.press("Enter");
  await ann.page.getByText("No passkey on this device was used.").waitFor();
  await look(ann.page, "login-nothing-at-hand");
  await ann.page.keyboard.type(ann.password);
  await ann.page.keyboard.press("Enter");
  await atDashboard(ann);
});

test("a security key is asked for at the second press, and at once the next time", async () => {
  const ann = await people.arrive();
  await join(ann, mail, false);
  await ann.device.exchange("key");
  await ann.open("/register/passkey-offer");
  await acceptPasskey(ann);
  await declineCodes(ann);
  await leaveAutofillAlone(ann.page);
  await signOut(ann);
  await signInByOtherDevice(ann);
  await atDashboard(ann);
  await signOut(ann);
  await signInByButton(ann);
  await atDashboard(ann);
});

test("the button ends a pending autofill, and signs in at the same time", async () => {
  const ann = await people.arrive();
  await join(ann, mail, true);
  const ceremonies: string[] = [];
  ann.page.on("response", (answer) => {
    const { pathname } = new URL(answer.url());
    if (pathname.startsWith("/api/passkeys/login/")) ceremonies.push(`${pathname} ${answer.status()}`);
  });
  await ann.device.setPresent(false);
  await signOut(ann);
  await expect.poll(() => ceremonies, { timeout: 10_000 }).toEqual(["/api/passkeys/login/start 200"]);
  await ann.device.setPresent(true);
  await signInByButton(ann);
  await atDashboard(ann);
  expect(ceremonies).toEqual([
    "/api/passkeys/login/start 200",
    "/api/passkeys/login/start 200",
    "/api/passkeys/login/finish 200",
  ]);
});

describe("after a sign-in by password, in a browser that can add a passkey by itself", () => {
  async function starts(ann: Person): Promise<string[]> {
    const asked: string[] = [];
    ann.page.on("request", (request) => {
      if (request.url().endsWith("/api/passkeys/register/start")) asked.push(request.postData() ?? "");
    });
    return asked;
  }

  test("it is asked to, once, and one that never answers keeps nobody", async () => {
    const ann = await newcomer(people, mail, false);
    const capabilities = await ann.page.evaluate<object>("PublicKeyCredential.getClientCapabilities()");
    expect(capabilities).toMatchObject({ conditionalCreate: true, immediateGet: true });
    const asked = await starts(ann);
    await enterPassword(ann);
    await atDashboard(ann);
    expect(asked).toEqual(['{"conditional":true}']);
    expect(await ann.device.count()).toBe(0);
  });

  test("the passkey it added signs in the next time, and a device that has one gets no other", async () => {
    const ann = await newcomer(people, mail, false);
    // Headless Chromium has no password manager; the device's own passkeys stand in for it.
    await ann.page.addInitScript({
      content: `{
        const create = navigator.credentials.create.bind(navigator.credentials);
        navigator.credentials.create = ({ mediation, ...options }) => create(options);
      }`,
    });
    const asked = await starts(ann);
    await ann.open("/login");
    await enterPassword(ann);
    await atDashboard(ann);
    expect(await ann.device.count()).toBe(1);
    await signOut(ann);
    await enterPassword(ann);
    await atDashboard(ann);
    expect(await ann.device.count()).toBe(1);
    expect(asked).toHaveLength(2);
    await signOut(ann);
    await signInByButton(ann);
    await atDashboard(ann);
  });
});
