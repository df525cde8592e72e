import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLedger, type Ledger } from "./ledger.ts";
import { MARKER, startWitnessApplication, type WitnessApplication } from "./witness-application.ts";

let ledger: Ledger;
let application: WitnessApplication;
beforeAll(async () => {
  ledger = createLedger(() => undefined);
  application = await startWitnessApplication(ledger);
});
afterAll(() => application.crash());

const ADA = "ada@example.com";
const BOB = "bob@example.com";

const tokenOf = (sub: string, email: string) =>
  ["", Buffer.from(JSON.stringify({ sub, email })).toString("base64url"), ""].join(".");

/** As the gateway tells of Ada; what is changed is wrong. */
const told = (changes: Readonly<Record<string, string>> = {}) => ({
  [MARKER]: ADA,
  "remote-email": ADA,
  "remote-user": "1",
  "x-identity-token": tokenOf("1", ADA),
  ...changes,
});

describe("the application of a soak", () => {
  it("finds nothing wrong where the identity is the asker's", async () => {
    await (await fetch(application.url, { headers: told() })).text();
    expect(ledger.violations).toEqual([]);
    expect(ledger.checks.get("upstreamIdentity")).toBe(1);
  });

  it.each([
    ["somebody else's e-mail", { "remote-email": BOB }],
    ["somebody else's token", { "x-identity-token": tokenOf("2", BOB) }],
    ["a token of another identity", { "x-identity-token": tokenOf("2", ADA) }],
    ["no token", { "x-identity-token": "" }],
    ["a session cookie", { cookie: "passbridge_session=1" }],
  ])("finds %s", async (_, changes) => {
    const before = ledger.violations.length;
    await (await fetch(application.url, { headers: told(changes) })).text();
    expect(ledger.violations).toHaveLength(before + 1);
  });
});
