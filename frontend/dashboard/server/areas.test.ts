import { describe, expect, it } from "vitest";
import { areaOf, identityPath } from "./areas.ts";

describe("areaOf", () => {
  it.each([
    ["/payments", "payments"],
    ["/payments/42", "payments"],
    ["/admin-area/", "admin-area"],
    ["/public/a/b", "public"],
    ["/", null],
    ["/paymentsx", null],
    ["/x/payments", null],
  ])("%s lies in %s", (path, area) => {
    expect(areaOf(path)).toBe(area);
  });

  it("asks who is there below the area", () => {
    expect(identityPath("payments")).toBe("/payments/identity");
    expect(identityPath(null)).toBe("/sample/identity");
  });
});
