import { afterEach, expect, test, vi } from "vitest";
import { node, registrationFlow } from "../../test/support/kratos-flows.ts";
import { type Flow, isFlow } from "../kratos/flow.ts";
import { canUsePasskey, passkeyNodes, personOf, verificationAt } from "./passkey-sign-up.ts";

const support = vi.hoisted(() => ({ value: "yes" }));
vi.mock("../passkeys/webauthn-support.ts", () => ({ webAuthnSupport: () => support.value }));
afterEach(() => {
  support.value = "yes";
});

function flowWith(...more: object[]): Flow {
  const flow: unknown = registrationFlow({}, more);
  if (!isFlow(flow)) throw new TypeError("not a flow");
  return flow;
}

test("a passkey is offered where the browser can and the schema needs no more than address and name", () => {
  expect(canUsePasskey(flowWith())).toBe(true);
  expect(canUsePasskey(flowWith(node("password", { name: "traits.city", type: "text" })))).toBe(true);
  expect(canUsePasskey(flowWith(node("password", { name: "traits.city", type: "text", required: true })))).toBe(false);
  support.value = "no";
  expect(canUsePasskey(flowWith())).toBe(false);
});

test("address and name go along, trimmed, and nothing else", () => {
  const nodes = passkeyNodes(flowWith(node("password", { name: "traits.city", type: "text" })));
  const values = { "traits.email": " ann@example.com ", "traits.name": " Ann ", "traits.city": "Lisbon" };
  expect(personOf(nodes, values)).toEqual({ email: "ann@example.com", name: "Ann" });
  expect(personOf(nodes, { ...values, "traits.name": " " })).toEqual({ email: "ann@example.com" });
});

test("the flow of the mailed code is read from the page it leads to", () => {
  vi.stubGlobal("window", { location: { origin: "https://here.example" } });
  expect(verificationAt("/verify?flow=v1", "ann@example.com")).toEqual({ id: "v1", address: "ann@example.com" });
  expect(verificationAt("/verify", "ann@example.com")).toBeNull();
  expect(verificationAt(null, "ann@example.com")).toBeNull();
  vi.unstubAllGlobals();
});
