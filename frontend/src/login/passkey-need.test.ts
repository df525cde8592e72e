import type { AuthenticatedSession } from "@passbridge/client";
import { describe, expect, it } from "vitest";
import { session } from "../../test/support/gateway-bodies.ts";
import { asksForPasskey, passkeyNeed } from "./passkey-need.ts";

const having = (changes: object) => ({ ...session(), ...changes }) as AuthenticatedSession;
const passkeys = (count: number | null) => ({ count, prompt: false, enforcement: "off" });

describe("passkeyNeed", () => {
  it.each([
    ["a password, and a passkey somewhere", { methods: ["password"], aal: "aal1", passkeys: passkeys(1) }, "use"],
    ["a password, and who knows", { methods: ["password"], aal: "aal1", passkeys: passkeys(null) }, "use"],
    ["a password alone", { methods: ["password"], aal: "aal1", passkeys: passkeys(0) }, "add"],
    ["a recovery code", { methods: ["recovery_code"], aal: "aal1", passkeys: passkeys(2) }, "use"],
    ["a code by e-mail", { methods: ["code"], aal: "aal1", passkeys: passkeys(0) }, "add"],
    ["a passkey that did not ask", { methods: ["passkey"], aal: "aal1", passkeys: passkeys(1) }, "more"],
    ["a passkey that asked", { methods: ["passkey"], aal: "aal2", passkeys: passkeys(1) }, "nothing"],
    ["both", { methods: ["password", "passkey"], aal: "aal2", passkeys: passkeys(1) }, "nothing"],
  ])("%s", (_, changes, need) => {
    expect(passkeyNeed(having(changes))).toBe(need);
  });
});

describe("asksForPasskey", () => {
  it.each([
    ["?need=passkey", true],
    ["?need=", false],
    ["?reauthenticate=1", false],
  ])("%s", (query, asks) => expect(asksForPasskey(new URLSearchParams(query))).toBe(asks));
});
