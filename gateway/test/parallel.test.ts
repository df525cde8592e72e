import knex from "knex";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestStack, type TestStack } from "../../scripts/test-stack.ts";
import { createBrowser } from "./support/browser.ts";
import { createPasskeyFor, signInWithPasskey } from "./support/passkey-steps.ts";
import { createPerson, signUp } from "./support/people.ts";
import { createTestDatabase, type RunningGateway, startGateway } from "./support/start-gateway.ts";

const PEOPLE = 200;

let stack: TestStack;
let gateway: RunningGateway;
beforeAll(async () => {
  // Its own, so that nobody else's mails wait behind two hundred.
  stack = await startTestStack();
  // Two hundred password hashes at once keep Kratos busy for longer than a person should wait for a session check.
  gateway = await startGateway({
    stack,
    env: { DATABASE_URL: await createTestDatabase(stack.databaseUrl), KRATOS_TIMEOUT: "20s" },
  });
});
afterAll(async () => {
  await gateway.stop();
  await stack.stop();
});

type Session = { authenticated: boolean; identity: { id: string; email: string }; methods: string[] };

describe("two hundred people at once", () => {
  it("sign up, add a passkey and sign in with it: nothing is lost, mixed up or doubled", async () => {
    const people = Array.from({ length: PEOPLE }, () => createPerson("parallel"));
    const sessions = await Promise.all(
      people.map(async (person) => {
        const browser = createBrowser(gateway.origin);
        await signUp(browser, person);
        const authenticator = await createPasskeyFor(browser);
        const again = createBrowser(gateway.origin);
        const signedIn = await signInWithPasskey(again, authenticator);
        expect(signedIn.status).toBe(200);
        return (await (await again.fetch("/api/auth/session")).json()) as Session;
      }),
    );
    expect(sessions.map((session) => session.identity.email)).toEqual(people.map((person) => person.email));
    expect(sessions.every((session) => session.methods.join() === "passkey")).toBe(true);
    const ids = new Set(sessions.map((session) => session.identity.id));
    expect(ids.size).toBe(PEOPLE);

    const database = knex({ client: "pg", connection: gateway.config.databaseUrl });
    try {
      const owners = (await database("credentials").select("identity_id")).map((row) => row.identity_id);
      expect(owners).toHaveLength(PEOPLE);
      expect(new Set(owners)).toEqual(ids);
      const handles = database("user_handles").whereIn("identity_id", [...ids]);
      expect(await handles.countDistinct({ handles: "handle" }).first()).toEqual({
        handles: String(PEOPLE),
      });
    } finally {
      await database.destroy();
    }
  }, 180_000);
});
