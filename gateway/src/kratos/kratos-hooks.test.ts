import { beforeEach, expect, it, vi } from "vitest";
import { OutageError } from "../errors.ts";
import { createKratosHooks, type HookCall } from "./kratos-hooks.ts";

const NOW = new Date("2026-01-01T12:00:00Z");
const MINUTE = 60_000;

const taken = new Map<string, number>();
const endPasskeySessionsOf = vi.fn<() => Promise<number>>();
const announce = vi.fn();
const forgetIdentity = vi.fn();
const audit = vi.fn();

const handle = createKratosHooks({
  calls: {
    take: async (id, lifetime) => !taken.has(id) && taken.set(id, lifetime).size > 0,
    giveBack: async (id) => void taken.delete(id),
  },
  keptSessions: {
    find: async (submission) => (submission === "known" ? { passkeySessionId: "kept", kratosSessionId: "k1" } : null),
  },
  sessions: { endPasskeySessionsOf },
  endings: { announce },
  forgetIdentity,
  audit,
  clock: () => NOW,
});

const call = (changes: Partial<HookCall> = {}): HookCall => ({
  kind: "password",
  id: "call",
  identityId: "ada",
  flowExpiresAt: new Date(NOW.getTime() + 60 * MINUTE),
  submission: null,
  ...changes,
});

beforeEach(() => {
  taken.clear();
  for (const mock of [announce, forgetIdentity, audit]) mock.mockReset();
  endPasskeySessionsOf.mockReset().mockResolvedValue(1);
});

it.each(["sign-in", "settings", "verification"] as const)("%s drops what is known, and ends nothing", async (kind) => {
  await handle(call({ kind }));
  expect(forgetIdentity.mock.calls).toEqual([["ada"]]);
  expect(endPasskeySessionsOf).not.toHaveBeenCalled();
  expect(announce).not.toHaveBeenCalled();
});

it.each(["password", "recovery"] as const)("%s ends all sessions but those of its submission", async (kind) => {
  await handle(call({ kind, submission: "known" }));
  expect(endPasskeySessionsOf.mock.calls).toEqual([["ada", "kept"]]);
  expect(announce.mock.calls).toEqual([[{ identityId: "ada", kept: [expect.any(String), "k1"] }]]);
  expect(announce.mock.calls[0]?.[0].kept[0]).not.toBe("kept");
  await handle(call({ kind, id: "other", submission: "unknown" }));
  expect(endPasskeySessionsOf.mock.lastCall).toEqual(["ada", undefined]);
  expect(announce.mock.lastCall).toEqual([{ identityId: "ada", kept: [] }]);
});

it("counts once", async () => {
  await handle(call());
  await handle(call());
  expect(endPasskeySessionsOf).toHaveBeenCalledTimes(1);
  expect(audit).toHaveBeenCalledTimes(1);
});

it("may come again when nothing came of it", async () => {
  endPasskeySessionsOf.mockRejectedValueOnce(new OutageError("redis", new Error("away")));
  await expect(handle(call())).rejects.toThrow(OutageError);
  expect(audit).not.toHaveBeenCalled();
  await handle(call());
  expect(audit.mock.calls).toEqual([
    [{ event: "account.password_changed", identityId: "ada", detail: { ended_passkey_sessions: 1 } }],
  ]);
});

it("is remembered for as long as it would be taken, and refused after", async () => {
  await handle(call());
  expect(taken.get("call")).toBe(65 * MINUTE);
  await handle(call({ id: "late", flowExpiresAt: new Date(NOW.getTime() - 4 * MINUTE) }));
  expect(taken.get("late")).toBe(MINUTE);
  const tooLate = handle(call({ id: "too late", flowExpiresAt: new Date(NOW.getTime() - 5 * MINUTE) }));
  await expect(tooLate).rejects.toMatchObject({ code: "invalid_request" });
  expect(taken.has("too late")).toBe(false);
});
