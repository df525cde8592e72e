import { describe, expect, it } from "vitest";
import { unifiedSession } from "../../test/support/unified-session.ts";
import { dutyOf, FIRST_SETTINGS, isPasskeyMissing, isPrompted, type PersonPasskeys } from "./passkey-duty.ts";

const NOW = new Date("2030-01-31T00:00:00Z");
const LATER = new Date(NOW.getTime() + 1);

function person(changes: Partial<PersonPasskeys["settings"]> = {}, count = 0): PersonPasskeys {
  return { count, settings: { ...FIRST_SETTINGS, ...changes } };
}

describe("isPrompted", () => {
  it.each([
    ["off", person(), false],
    ["prompt", person(), true],
    ["required", person(), true],
    ["off", person({ promptForced: true }), true],
    ["prompt", person({}, 1), false],
    ["required", person({}, 1), false],
    ["off", person({ promptForced: true }, 1), false],
    ["prompt", person({ promptDismissedUntil: LATER }), false],
    ["prompt", person({ promptDismissedUntil: NOW }), true],
    ["off", person({ promptDismissedUntil: NOW }), false],
    ["required", person({ promptDismissedUntil: LATER }), true],
    ["prompt", person({ enabled: false }), false],
    ["required", person({ enabled: false }), false],
    ["off", person({ enabled: false, promptForced: true }), false],
  ] as const)("policy %s, %j: %s", (enforcement, who, prompted) => {
    expect(isPrompted(enforcement, who, NOW)).toBe(prompted);
  });
});

describe("isPasskeyMissing", () => {
  it.each([
    ["required", ["password"], true],
    ["required", ["code"], true],
    ["required", ["recovery_code"], true],
    ["required", ["passkey"], false],
    ["required", ["password", "passkey"], false],
    ["prompt", ["password"], false],
    ["off", ["password"], false],
  ] as const)("policy %s, signed in by %j: %s", (enforcement, methods, missing) => {
    expect(isPasskeyMissing(enforcement, unifiedSession({ methods }))).toBe(missing);
  });
});

describe("dutyOf", () => {
  it.each([
    ["nobody's passkey yet", person(), "add"],
    ["a passkey that was not used", person({}, 2), "use"],
    ["passkeys that are disabled", person({ enabled: false }, 2), "none"],
    ["someone who said not now", person({ promptDismissedUntil: LATER }), "add"],
  ] as const)("%s: %o → %s", (_what, who, duty) => {
    expect(dutyOf(who)).toBe(duty);
  });
});
