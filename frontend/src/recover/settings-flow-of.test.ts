import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { settingsFlowOf } from "./settings-flow-of.ts";

beforeAll(() => vi.stubGlobal("window", { location: { origin: "http://localhost" } }));
afterAll(() => void vi.unstubAllGlobals());

test("finds the flow in a redirect and in either continuation", () => {
  expect(settingsFlowOf({ kind: "redirect", to: "http://localhost/account?flow=s1" })).toBe("s1");
  expect(settingsFlowOf({ kind: "redirect", to: "/account?flow=s2" })).toBe("s2");
  const settings = { action: "show_settings_ui", flow: { id: "s3" } };
  const redirect = { action: "redirect_browser_to", redirect_browser_to: "/account?flow=s4" };
  expect(settingsFlowOf({ kind: "done", result: { continue_with: [redirect, settings] } })).toBe("s3");
  expect(settingsFlowOf({ kind: "done", result: { continue_with: [redirect] } })).toBe("s4");
});

test("none is no error: a new one is started", () => {
  expect(settingsFlowOf({ kind: "done", result: {} })).toBeNull();
  expect(settingsFlowOf({ kind: "signed_in" })).toBeNull();
});
