import { expect, it } from "vitest";
import { describeScans } from "./table-growth.ts";

it("counts what was read between two looks, and a table nobody read before", () => {
  const before = { credentials: { seq: 2, index: 10 } };
  const after = { credentials: { seq: 3, index: 25 }, user_handles: { seq: 0, index: 4 } };
  expect(describeScans(before, after)).toBe(
    "credentials: 1 full scans, 15 index scans; user_handles: 0 full scans, 4 index scans",
  );
});
