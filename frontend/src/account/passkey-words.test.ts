import "./account-texts.ts";
import type { Passkey } from "@passbridge/client";
import { describe, expect, it } from "vitest";
import { passkey } from "../../test/support/account-bodies.ts";
import { backupOf, checkName, dateWords, providerWords } from "./passkey-words.ts";

const words = (passkeys: readonly Passkey[]) => Object.fromEntries(providerWords(passkeys));

describe("providerWords", () => {
  it("names the provider, a security key, or just a passkey", () => {
    const named = passkey({ id: "a", provider: { name: "1Password", icon_light: null, icon_dark: null } });
    const key = passkey({ id: "b", device_type: "single_device", transports: ["usb"] });
    const other = passkey({ id: "c", device_type: "single_device", transports: ["internal"] });
    expect(words([named, key, other])).toEqual({ a: "1Password", b: "Security key", c: "Passkey" });
  });

  it("numbers several of a kind by age, wherever they stand", () => {
    const newer = passkey({ id: "new", created_at: "2026-02-01T00:00:00Z" });
    const older = passkey({ id: "old", created_at: "2026-01-01T00:00:00Z" });
    const single = passkey({ id: "x", provider: { name: "Bitwarden", icon_light: null, icon_dark: null } });
    expect(words([newer, single, older])).toEqual({ old: "Passkey 1", new: "Passkey 2", x: "Bitwarden" });
  });

  it("has nothing to say of nothing", () => {
    expect(words([])).toEqual({});
  });
});

describe("dateWords", () => {
  it("says when it was last used, or that it was not", () => {
    expect(dateWords(passkey({ last_used_at: null })).at(-1)).toBe("Not used yet");
    expect(dateWords(passkey({ last_used_at: "2026-01-05T12:00:00Z" })).at(-1)).toMatch(/^Last used .*2026$/);
  });

  it.each([
    [{ user_agent: "Firefox/1 (Linux)", ip: "192.0.2.1" }, /2026 with Firefox on Linux, from 192\.0\.2\.1$/],
    [{ user_agent: "Firefox/1 (Linux)", ip: null }, /2026 with Firefox on Linux$/],
    [{ user_agent: "curl", ip: "192.0.2.1" }, /2026, from 192\.0\.2\.1$/],
  ])("says with what and from where: %j", (last_used_from, words) => {
    expect(dateWords(passkey({ last_used_at: "2026-01-05T12:00:00Z", last_used_from })).at(-1)).toMatch(words);
  });
});

describe("backupOf", () => {
  it.each<[Partial<Passkey>, string]>([
    [{}, "synced"],
    [{ backed_up: false }, "unsynced"],
    [{ device_type: "single_device", backed_up: false }, "this_device"],
    [{ device_type: "single_device", backed_up: false, transports: ["nfc", "usb"] }, "this_key"],
  ])("%j is %s", (changes, backup) => {
    expect(backupOf(passkey(changes))).toBe(backup);
  });
});

describe("checkName", () => {
  it.each([
    ["  Work laptop ", { name: "Work laptop" }],
    ["x".repeat(100), { name: "x".repeat(100) }],
    ["x".repeat(101), { fault: "Please use at most 100 characters." }],
    ["   ", { fault: "Please fill this in." }],
  ])("checks %j", (text, expected) => {
    expect(checkName(text)).toEqual(expected);
  });
});
