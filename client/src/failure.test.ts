import { describe, expect, it } from "vitest";
import { parseRetryAfter, readFailure } from "./failure.ts";

describe("parseRetryAfter", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");

  it.each([
    ["seconds", "40", 40],
    ["zero", "0", 0],
    ["a date", "Thu, 01 Jan 2026 00:00:07 GMT", 7],
    ["a date that has passed", "Wed, 31 Dec 2025 23:59:00 GMT", 0],
    ["nothing", null, undefined],
    ["an unreadable value", "soon", undefined],
    ["a negative number, which the grammar does not know", "-5", undefined],
  ])("reads %s", (_name, value, expected) => {
    expect(parseRetryAfter(value, now)).toBe(expected);
  });
});

describe("readFailure", () => {
  it("takes a problem document with all its members", async () => {
    const problem = {
      type: "about:blank",
      title: "A recent sign-in is required",
      status: 403,
      detail: "Sign in again.",
      code: "reauthentication_required",
      request_id: "r1",
      login_url: "/login?return_to=%2Faccount",
    };
    const failure = await readFailure(
      new Response(JSON.stringify(problem), {
        status: 403,
        headers: { "Content-Type": "application/problem+json", "X-Request-Id": "header" },
      }),
    );
    expect(failure).toEqual({
      code: "reauthentication_required",
      status: 403,
      detail: "Sign in again.",
      retryAfter: undefined,
      requestId: "r1",
      members: problem,
    });
  });

  it.each([
    [413, "payload_too_large"],
    [429, "rate_limited"],
    [502, "dependency_unavailable"],
    [503, "dependency_unavailable"],
    [504, "dependency_unavailable"],
    [401, "unexpected_response"],
    [404, "unexpected_response"],
    [500, "unexpected_response"],
  ])("reads %i without a problem document as %s", async (status, code) => {
    const response = new Response("<h1>nginx</h1>", { status, headers: { "Retry-After": "3", "X-Request-Id": "r2" } });
    expect(await readFailure(response)).toMatchObject({ code, status, retryAfter: 3, requestId: "r2" });
  });

  it.each(["null", '"text"', "{}", '{"code":5}', "[1]"])("does not trip over the body %s", async (body) => {
    expect(await readFailure(new Response(body, { status: 500 }))).toMatchObject({ code: "unexpected_response" });
  });
});
