import { expect, it } from "vitest";
import { readStartAnswer } from "./start-answer.ts";

const entry = (id: string) => ({ id, type: "public-key", transports: ["internal"] });

function answer(random: string, allowCredentials: object[], more: object = {}) {
  const options = { rpId: "localhost", challenge: `challenge-${random}`, allowCredentials, timeout: 300_000, ...more };
  const text = JSON.stringify({ ceremony_id: `ceremony-${random}`, options });
  const headers = { "x-request-id": random, "set-cookie": `browser=${random.repeat(43).slice(0, 43)}; Path=/` };
  return readStartAnswer(new Response(text, { headers }), text, 1);
}

it("blots out what is random, and nothing else", () => {
  const one = answer("a", [entry("one")]);
  expect(answer("b", [entry("two"), entry("three")]).form).toBe(one.form);
  expect(answer("a", [entry("one")], { timeout: 1 }).form).not.toBe(one.form);
  expect(one.form).toContain('"allowCredentials":[],"timeout":300000');
});

it("keeps the list, its count and how its entries are built", () => {
  const { list, count, entryForms } = answer("a", [entry("one"), entry("two")]);
  expect(JSON.parse(list)).toEqual([entry("one"), entry("two")]);
  expect({ count, entryForms }).toEqual({ count: 2, entryForms: ["public-key: id type transports"] });
  expect(answer("a", [{ type: "public-key", id: "one" }]).entryForms).toEqual(["public-key: type id"]);
});

it("takes nothing for a start that is none", () => {
  expect(() => readStartAnswer(new Response("no", { status: 503 }), "no", 1)).toThrow("503");
});
