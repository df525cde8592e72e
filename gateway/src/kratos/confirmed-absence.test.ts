import { describe, expect, it } from "vitest";
import { askUntilSure } from "./confirmed-absence.ts";

/** Plays answers in order: of a question, or of whether Kratos is ready. */
function play(answers: readonly (string | null)[], readiness: readonly boolean[]) {
  const left = { answers: [...answers], readiness: [...readiness] };
  const ask = async () => left.answers.shift() ?? null;
  const ready = async () => {
    if (!left.readiness.shift()) throw new Error("not ready");
  };
  return { asked: askUntilSure(ask, ready), left };
}

describe("an absence", () => {
  it("is not asked for twice where there is something", async () => {
    const { asked, left } = play(["session"], []);
    expect(await asked).toBe("session");
    expect(left).toEqual({ answers: [], readiness: [] });
  });

  it("counts when it is said twice by a Kratos that is ready before and after", async () => {
    const { asked, left } = play([null, null], [true, true]);
    expect(await asked).toBeNull();
    expect(left).toEqual({ answers: [], readiness: [] });
  });

  it("does not count when Kratos found the session after all", async () => {
    expect(await play([null, "session"], [true]).asked).toBe("session");
  });

  it.each([{ readiness: [false] }, { readiness: [true, false] }])(
    "is an outage when $readiness",
    async ({ readiness }) => {
      await expect(play([null, null], readiness).asked).rejects.toThrow("not ready");
    },
  );
});
