import { EventEmitter } from "node:events";
import type { Request, Response } from "express";
import { describe, expect, test, vi } from "vitest";
import type { AttemptCounter } from "../http/attempt-counter.ts";
import { createPasswordLimits, type PasswordLimitDeps } from "./password-limits.ts";

function countInMemory(): AttemptCounter {
  const counts = new Map<string, number>();
  const change = (key: string, by: number) => {
    const count = (counts.get(key) ?? 0) + by;
    counts.set(key, count);
    return count;
  };
  return {
    add: async (key) => ({ count: change(key, 1), secondsLeft: 42 }),
    takeBack: async (key) => void change(key, -1),
    forget: async (key) => void counts.delete(key),
  };
}

function createWorld() {
  const waits: number[] = [];
  const deps: PasswordLimitDeps = {
    account: countInMemory(),
    browser: countInMemory(),
    address: countInMemory(),
    pair: countInMemory(),
    knownBrowser: { read: () => null, remember: vi.fn() },
    waitingRoom: { wait: async (_key, milliseconds) => void waits.push(milliseconds) },
    factor: 1,
  };
  const socket = Object.assign(new EventEmitter(), { destroyed: false });
  const limit = createPasswordLimits(deps);
  const response = {} as Response;
  return {
    deps,
    waits,
    socket,
    response,
    attempt: (account: string, ip = "192.0.2.1") => limit(account, { ip, socket, headers: {} } as unknown as Request),
  };
}

const inTurn = async (times: number, attempt: (index: number) => Promise<unknown>) => {
  for (let index = 0; index < times; index += 1) await attempt(index);
};

describe("what a right password gives back", () => {
  test("its own pair's patience, and its own try of the account", async () => {
    const { attempt, waits, response } = createWorld();
    await inTurn(4, () => attempt("ann@example.com"));
    expect(waits).toEqual([500]);
    const right = await attempt("ann@example.com");
    await right(response);
    waits.length = 0;
    await inTurn(1, () => attempt("ann@example.com"));
    expect(waits).toEqual([]);
    await inTurn(5, (index) => attempt("ann@example.com", `192.0.2.${index + 10}`));
    await expect(attempt("ann@example.com", "192.0.2.99")).rejects.toMatchObject({
      code: "rate_limited",
      retryAfter: 42,
    });
  });

  test("nothing of the address, and nothing of another account: an own account is no help against others", async () => {
    const { attempt, response, waits } = createWorld();
    await inTurn(10, (index) => attempt("victim@example.com", `192.0.2.${index + 10}`));
    await inTurn(59, async () => (await attempt("attacker@example.com"))(response));
    waits.length = 0;
    await expect(attempt("victim@example.com")).rejects.toMatchObject({ code: "rate_limited" });
    await expect(attempt("attacker@example.com")).rejects.toMatchObject({ code: "rate_limited" });
  });
});

test("an address over its limit uses up nobody's tries", async () => {
  const { attempt } = createWorld();
  await inTurn(60, (index) => attempt(`${index}@example.com`));
  await inTurn(20, async () => {
    await expect(attempt("ann@example.com")).rejects.toMatchObject({ code: "rate_limited" });
  });
  await expect(attempt("ann@example.com", "192.0.2.2")).resolves.toBeTypeOf("function");
});

test("whoever leaves while waiting is not sent on, and leaves nothing behind", async () => {
  const { attempt, deps, socket } = createWorld();
  const waitingRoom: PasswordLimitDeps["waitingRoom"] = {
    wait: (_key, _milliseconds, leaving) =>
      new Promise((_resolve, reject) => leaving.addEventListener("abort", () => reject(leaving.reason))),
  };
  Object.assign(deps, { waitingRoom });
  await inTurn(3, () => attempt("ann@example.com"));
  const waiting = attempt("ann@example.com");
  await vi.waitFor(() => expect(socket.listenerCount("close")).toBe(1));
  socket.emit("close");
  await expect(waiting).rejects.toMatchObject({ code: "invalid_request" });
  expect(socket.listenerCount("close")).toBe(0);
});
