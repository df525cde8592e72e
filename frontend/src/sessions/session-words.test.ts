import type { ListedSession } from "@passbridge/client";
import { expect, test } from "vitest";
import "../account/account-texts.ts";
import { deviceWords, earliest, splitSessions, waysWords } from "./session-words.ts";

test.each([
  [["passkey"], "Signed in with a passkey"],
  [["password"], "Signed in with your password"],
  [["code"], "Signed in with a code by e-mail"],
  [["recovery_code"], "Signed in with a recovery code"],
  [["password", "passkey"], "Signed in with your password and with a passkey"],
] as const)("signed in by %j", (methods, words) => {
  expect(waysWords(methods)).toBe(words);
});

test("a browser is named in plain words, or not known", () => {
  const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
  expect(deviceWords(firefox)).toBe("Firefox on Linux");
  expect(deviceWords("curl/8")).toBe("Unknown browser");
  expect(deviceWords(null)).toBe("Unknown browser");
});

test("what this browser holds is told from the rest, and the earliest time is the first use", () => {
  const session = (id: string, current: boolean): ListedSession => ({
    id,
    kind: "passkey",
    current,
    auth_method: "passkey",
    aal: "aal2",
    user_agent: null,
    ip: null,
    created_at: "2026-01-01T00:00:00.000Z",
    last_seen_at: "2026-01-01T00:00:00.000Z",
    expires_at: "2026-01-02T00:00:00.000Z",
  });
  const { here, elsewhere } = splitSessions([session("a", true), session("b", false), session("c", true)]);
  expect(here.map(({ id }) => id)).toEqual(["a", "c"]);
  expect(elsewhere.map(({ id }) => id)).toEqual(["b"]);
  expect(earliest(["2026-01-02T00:00:00.000Z", "2025-12-31T23:59:59.000Z"])).toBe("2025-12-31T23:59:59.000Z");
  expect(earliest([])).toBeNull();
});
