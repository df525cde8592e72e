import { afterEach, expect, test, vi } from "vitest";
import { applySettings, loadSettings, settings } from "./settings.ts";
import { maybeText, overrideTexts, t } from "./t.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  applySettings({ rp_name: "Passbridge", brand_name: "Passbridge" });
});

test("well-formed settings are taken over", () => {
  applySettings({
    rp_name: "Acme",
    brand_name: "Acme ID",
    signup_steps: ["verify", "passkey"],
    code_sign_in: true,
    return_hosts: ["app.example.com"],
    texts: { "login.title": "Hello" },
  });
  expect(settings()).toEqual({
    rpName: "Acme",
    brandName: "Acme ID",
    signUpSteps: ["verify", "passkey"],
    codeSignIn: true,
    returnHosts: ["app.example.com"],
  });
  expect(t("login.title")).toBe("Hello");
});

test.each([
  null,
  "text",
  [],
  { brand_name: 1, signup_steps: "verify", texts: ["x"], code_sign_in: "true", return_hosts: "*" },
])("%j keeps the defaults", (body) => {
  applySettings(body);
  expect(settings()).toEqual({
    rpName: "Passbridge",
    brandName: "Passbridge",
    signUpSteps: ["passkey", "verify"],
    codeSignIn: false,
    returnHosts: [],
  });
  expect(t("login.title")).toBe("Sign in");
});

test("unknown steps and texts that are no texts are passed over", () => {
  applySettings({ signup_steps: ["verify", "dance"], texts: { "login.title": 5, "verify.title": "Mail" } });
  expect(settings().signUpSteps).toEqual(["verify"]);
  expect(t("login.title")).toBe("Sign in");
  expect(t("verify.title")).toBe("Mail");
});

test("a failing server leaves the defaults", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("down")));
  await loadSettings();
  expect(settings().brandName).toBe("Passbridge");
});

test("texts are filled in; what is missing stays as it is", () => {
  expect(t("verify.again_in", { seconds: 5 })).toBe("Send again in 5 s");
  expect(t("verify.again_in")).toBe("Send again in {seconds} s");
  expect(maybeText("kratos.4000006")).toBe("The e-mail or the password is not right.");
  expect(maybeText("kratos.1")).toBeNull();
  expect(maybeText("toString")).toBeNull();
  overrideTexts({ "field.traits.city": "Town" });
  expect(maybeText("field.traits.city")).toBe("Town");
});
