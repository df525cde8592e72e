import { describe, expect, it } from "vitest";
import { OutageError } from "../errors.ts";
import { createIdentityDirectory } from "./identity-directory.ts";
import type { KratosIdentity } from "./kratos-client.ts";

const found = (active: boolean): KratosIdentity => ({
  identity: { id: "a", email: "a@example.com", emailVerified: true, name: null, roles: [], traits: {} },
  active,
  hasPassword: true,
  hasCode: false,
});

function directory(answer: () => Promise<KratosIdentity | null>) {
  let calls = 0;
  const look = createIdentityDirectory(
    {
      findIdentity: () => {
        calls += 1;
        return answer();
      },
    },
    30_000,
  );
  return { look, calls: () => calls };
}

describe("createIdentityDirectory", () => {
  it.each([
    ["an active identity", found(true), "active"],
    ["a deactivated one", found(false), "gone"],
    ["a deleted one", null, "gone"],
  ])("knows %s", async (_what, answer, kind) => {
    const { look, calls } = directory(async () => answer);
    expect((await look("a")).kind).toBe(kind);
    expect((await look("a")).kind).toBe(kind);
    expect(calls()).toBe(1);
    look.forget("a");
    expect((await look("a")).kind).toBe(kind);
    expect(calls()).toBe(2);
  });

  it("asks once for many at the same time", async () => {
    const { look, calls } = directory(async () => found(true));
    await Promise.all([look("a"), look("a"), look("a")]);
    expect(calls()).toBe(1);
  });

  it("keeps nothing of an outage", async () => {
    let away = true;
    const { look } = directory(async () => {
      if (away) throw new OutageError("kratos", new Error("refused"));
      return found(true);
    });
    expect((await look("a")).kind).toBe("unavailable");
    away = false;
    expect((await look("a")).kind).toBe("active");
  });
});
