import { describe, expect, it } from "vitest";
import { createBrowser } from "../support/browser.ts";
import { createSoftwareAuthenticator } from "../support/software-authenticator.ts";
import { compare } from "./acts-credentials.ts";
import { createLedger } from "./ledger.ts";
import { createDevice, createSoakPerson, type HeldPasskey } from "./soak-person.ts";

/** What is found wrong where a person's one passkey is in this state, and the list has its id so often. */
function faultsOf(state: HeldPasskey["state"], times: number, { calmSince = 0, strange = false } = {}) {
  const ledger = createLedger(() => undefined);
  const person = createSoakPerson(1, 1, () => createDevice(createBrowser("http://localhost:1")), "person");
  const held: HeldPasskey = { authenticator: createSoftwareAuthenticator(), state, unclearAt: 10 };
  person.passkeys.push(held);
  const ids = [...Array<string>(times).fill(held.authenticator.credentialId), ...(strange ? ["strange"] : [])];
  const calm = {
    since: () => calmSince,
    troubleBegins: () => undefined,
    troubleEnds: () => undefined,
    wait: async () => undefined,
  };
  compare({ ledger, calm }, person, ids);
  return { state: held.state, faults: ledger.violations.map(({ invariant }) => invariant) };
}

describe("a person's passkeys, held against what was acknowledged", () => {
  it.each([
    ["there", 1, []],
    ["there", 0, ["credentialKept"]],
    ["there", 2, ["credentialKept"]],
    ["gone", 0, []],
    ["gone", 1, ["credentialGone"]],
    ["maybe", 0, []],
    ["maybe", 1, []],
    ["maybe", 2, ["credentialKept"]],
  ] as const)("%s and listed %i times", (state, times, faults) => {
    expect(faultsOf(state, times).faults).toEqual(faults);
  });

  it("one that nobody asked for is found", () => {
    expect(faultsOf("there", 1, { strange: true }).faults).toEqual(["credentialKnown"]);
  });

  it("what was unclear is clear once all has been well since", () => {
    const later = { calmSince: 11 };
    expect([faultsOf("maybe", 1, later).state, faultsOf("maybe", 0, later).state]).toEqual(["there", "gone"]);
    expect(faultsOf("maybe", 1).state).toBe("maybe");
  });
});
