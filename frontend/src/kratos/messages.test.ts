import { expect, test } from "vitest";
import { error, registrationFlow } from "../../test/support/kratos-flows.ts";
import { type Flow, isFlow } from "./flow.ts";
import { fieldError, flowErrors } from "./messages.ts";

function read(value: unknown): Flow {
  if (!isFlow(value)) throw new TypeError("not a flow");
  return value;
}

const shown = ["traits.email", "traits.name", "password"];

test("a message stands at its field, in our words where we have some", () => {
  const flow = read(
    registrationFlow({
      password: error(4_000_032, "The password must be at least 8 characters long", { min_length: 8 }),
      email: error(4_999_999, "Kratos says something new"),
    }),
  );
  expect(fieldError(flow, "password")).toBe("Use at least 8 characters.");
  expect(fieldError(flow, "traits.email")).toBe("Kratos says something new");
  expect(fieldError(flow, "traits.name")).toBeNull();
  expect(fieldError(flow, "traits.nowhere")).toBeNull();
  expect(flowErrors(flow, shown)).toEqual([]);
});

test("what stands at a field the page does not show is told above the form, once", () => {
  const wrong = error(4_000_007, "exists");
  const flow = read(registrationFlow({ general: wrong, email: wrong }));
  expect(flowErrors(flow, ["password"])).toEqual([
    "This e-mail can't be used for a new account. Do you want to sign in instead?",
  ]);
});

test("no flow, no errors; and what is no flow is not taken for one", () => {
  expect(fieldError(null, "password")).toBeNull();
  expect(flowErrors(null, [])).toEqual([]);
  expect([null, [], {}, { id: "1" }, { id: "1", ui: {} }, { id: 1, ui: { nodes: [] } }].some(isFlow)).toBe(false);
});
