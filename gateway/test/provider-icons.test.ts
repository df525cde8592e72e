import { afterAll, beforeAll, expect, test } from "vitest";
import providers from "../data/aaguids/providers.json" with { type: "json" };
import { providerOf } from "../src/passkeys/authenticator-providers.ts";
import { createTestDatabase, type RunningGateway, startGateway } from "./support/start-gateway.ts";

let gateway: RunningGateway;
beforeAll(async () => {
  gateway = await startGateway({
    env: { DATABASE_URL: await createTestDatabase(), UPSTREAM_URL: "http://127.0.0.1:9" },
  });
});
afterAll(() => gateway.stop());

const paths = Object.keys(providers).flatMap((aaguid) => {
  const { icon_light = null, icon_dark = null } = providerOf(aaguid) ?? {};
  return [icon_light, icon_dark].filter((path) => path !== null);
});

test("every icon the API names is served, as a picture that can do nothing", async () => {
  expect(paths.length).toBeGreaterThan(80);
  for (const path of paths) {
    const answer = await fetch(gateway.origin + path);
    expect(await answer.text()).toMatch(/^<svg[\s>]/);
    expect(answer.headers.get("content-type")).toMatch(/^image\/svg\+xml/);
    expect(answer.headers.get("content-security-policy")).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    );
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("cache-control")).toBe("public, max-age=604800");
  }
});

test.each([
  "00000000-0000-0000-0000-000000000000-light.svg",
  "ff4dac45-ede8-4ec2-aced-cf66103f4335-light.svg",
  "bada5566-a7aa-401f-bd96-45619a55120d-blue.svg",
  "bada5566-a7aa-401f-bd96-45619a55120d-light.png",
  "1password-icon-light.svg",
])("%s is not there", async (name) => {
  expect((await fetch(`${gateway.origin}/passbridge/providers/${name}`)).status).toBe(404);
});

test("no path leads out of the folder", async () => {
  expect((await fetch(`${gateway.origin}/passbridge/providers/..%2fproviders.json`)).status).toBe(400);
});

test("nobody is known by the AAGUID of zeros, and a model without an icon has a name all the same", () => {
  expect(providerOf("00000000-0000-0000-0000-000000000000")).toBeNull();
  expect(providerOf("FF4DAC45-EDE8-4EC2-ACED-CF66103F4335")).toEqual({
    name: "YubiKey 5 Series",
    icon_light: null,
    icon_dark: null,
  });
});
