import { expect, test } from "vitest";
import { nextStep, type SignUpJourney } from "./sign-up-steps.ts";

const journey: SignUpJourney = {
  steps: ["passkey", "verify"],
  returnTo: "/reports",
  verification: "v1",
  canPasskey: true,
};

test("the configured order is kept, and return_to and flow go along", () => {
  expect(nextStep(journey, null)).toBe("/register/passkey-offer?signup=1&flow=v1&return_to=%2Freports");
  expect(nextStep(journey, "passkey")).toBe("/verify?signup=1&flow=v1&return_to=%2Freports");
  expect(nextStep(journey, "verify")).toBeNull();
  expect(nextStep({ ...journey, steps: ["verify", "passkey"] }, null)).toContain("/verify");
});

test("who signed up by passkey is not offered another", () => {
  const verify = "/verify?signup=1&flow=v1&return_to=%2Freports";
  expect(nextStep(journey, "sign_up_by_passkey")).toBe(verify);
  expect(nextStep({ ...journey, steps: ["verify", "passkey"] }, "sign_up_by_passkey")).toBe(verify);
  expect(nextStep({ ...journey, verification: null }, "sign_up_by_passkey")).toBeNull();
});

test("what makes no sense is left out", () => {
  expect(nextStep({ ...journey, canPasskey: false }, null)).toContain("/verify");
  expect(nextStep({ ...journey, verification: null }, "passkey")).toBeNull();
  expect(nextStep({ ...journey, steps: [] }, null)).toBeNull();
});
