import { expect, test } from "vitest";
import { node, registrationFlow } from "../../test/support/kratos-flows.ts";
import { type Flow, isFlow } from "../kratos/flow.ts";
import { traitLabel, traitNodes, traitsBody, traitValue } from "./trait-fields.ts";

function flowWith(...more: object[]): Flow {
  const flow: unknown = registrationFlow({}, more);
  if (!isFlow(flow)) throw new TypeError("not a flow");
  return flow;
}

test("fields come in the schema's order, once, without password, buttons and hidden ones", () => {
  const flow = flowWith(
    node("password", { name: "traits.email", type: "email" }, "again"),
    node("code", { name: "traits.phone", type: "tel" }, "of another method"),
    node("password", { name: "traits.secret", type: "hidden" }),
    node("profile", { name: "traits.city", type: "text" }, "City"),
  );
  expect(traitNodes(flow).map((field) => field.attributes.name)).toEqual([
    "traits.email",
    "traits.name",
    "traits.city",
  ]);
  expect(traitNodes(flow).map(traitLabel)).toEqual(["E-mail", "Name", "City"]);
});

test("what was typed goes before what Kratos has", () => {
  const [city] = traitNodes(flowWith(node("password", { name: "traits.city", type: "text", value: "Rome" }))).slice(2);
  if (!city) throw new Error("no field");
  expect(traitValue(city, {})).toBe("Rome");
  expect(traitValue(city, { "traits.city": "" })).toBe("");
});

test("the body is nested, typed, and without what was left empty", () => {
  const nodes = traitNodes(
    flowWith(
      node("password", { name: "traits.address.city", type: "text" }),
      node("password", { name: "traits.address.zip", type: "text" }),
      node("password", { name: "traits.age", type: "number" }),
      node("password", { name: "traits.news", type: "checkbox", value: true }),
      node("password", { name: "traits.__proto__.admin", type: "text" }),
    ),
  );
  const values = {
    "traits.email": " ann@example.com ",
    "traits.address.city": "Lisbon",
    "traits.address.zip": "1100",
    "traits.age": "41",
    "traits.__proto__.admin": "yes",
  };
  const body = traitsBody(nodes, values);
  expect(body).toMatchObject({
    email: "ann@example.com",
    address: { city: "Lisbon", zip: "1100" },
    age: 41,
    news: true,
  });
  expect(body).not.toHaveProperty("name");
  expect(Reflect.get({}, "admin")).toBeUndefined();
});
