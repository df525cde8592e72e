import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { answerOf, createPasskeyWorld, type PasskeyWorld, problem } from "./support/passkey-world.ts";
import { codesLeft, personWithCodes, redeem } from "./support/recovery-steps.ts";

let world: PasskeyWorld;
beforeAll(async () => {
  world = await createPasskeyWorld();
});
afterAll(() => world.stop());

const withCodes = () => personWithCodes(world);
const tryCode = (email: string, code: unknown) => redeem(world.browser(), email, code);

describe("a refusal", () => {
  const shapeOf = ({ status, body, cookies }: Awaited<ReturnType<typeof tryCode>>) => {
    const { request_id: _, ...rest } = body;
    return { status, rest, cookies };
  };

  test("is the same for a wrong code, a wrong e-mail, no codes, and a closed account", async () => {
    const known = await withCodes();
    const closed = await withCodes();
    closed.person.active = false;
    const deleted = await withCodes();
    deleted.person.deleted = true;
    const without = world.people.add();
    const [right = ""] = known.codes;
    const answers = await Promise.all([
      tryCode(known.person.identity.email, "00000-00000"),
      tryCode(known.person.identity.email, "not a code at all"),
      tryCode("nobody@example.com", right),
      tryCode(without.identity.email, right),
      tryCode(closed.person.identity.email, closed.codes[0]),
      tryCode(deleted.person.identity.email, deleted.codes[0]),
    ]);
    const [first] = answers.map(shapeOf);
    expect(first).toMatchObject({ status: 401, rest: { code: "recovery_failed" }, cookies: [] });
    for (const answer of answers) expect(shapeOf(answer)).toEqual(first);

    closed.person.active = true;
    expect(await tryCode(closed.person.identity.email, closed.codes[0])).toMatchObject({ status: 200 });
  });

  test("an outage of Kratos is 503 for everyone, and spends nothing", async () => {
    const { person, codes, browser } = await withCodes();
    world.people.away = true;
    try {
      for (const email of [person.identity.email, "nobody@example.com"]) {
        expect(await tryCode(email, codes[0])).toMatchObject(problem(503, "dependency_unavailable"));
      }
    } finally {
      world.people.away = false;
    }
    expect(await codesLeft(browser)).toMatchObject({ remaining: 10 });
  });

  test.each([
    ["no e-mail", { code: "k7fm2-9xqpd" }],
    ["no code", { email: "a@example.com" }],
    ["what is no e-mail", { email: "ann", code: "k7fm2-9xqpd" }],
    ["a number", { email: "a@example.com", code: 12_345 }],
    ["an empty code", { email: "a@example.com", code: "" }],
    ["an endless code", { email: "a@example.com", code: "a".repeat(65) }],
    ["an endless e-mail", { email: `${"a".repeat(250)}@example.com`, code: "k7fm2-9xqpd" }],
    ["a list", { email: ["a@example.com"], code: "k7fm2-9xqpd" }],
  ])("%s is told as such", async (_what, body) => {
    const answer = await answerOf(world.browser().post("/api/auth/recovery-code", body));
    expect(answer).toMatchObject(problem(400, "invalid_request"));
  });
});
