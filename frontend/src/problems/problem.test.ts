import { ApiError } from "@passbridge/client";
import { describe, expect, test } from "vitest";
import { needsSignIn, ProblemError, toProblem } from "./problem.ts";
import { problemWords } from "./problem-words.ts";

const apiError = (code: ApiError["code"], more: object = {}) =>
  new ApiError({ code, status: 400, detail: "a secret detail", ...more });

describe("toProblem", () => {
  test("reads the client's errors", () => {
    const error = apiError("reauthentication_required", {
      requestId: "r1",
      retryAfter: 3,
      members: { login_url: "/login?reauthenticate=1" },
    });
    expect(toProblem(error)).toEqual({
      code: "reauthentication_required",
      requestId: "r1",
      retryAfter: 3,
      loginUrl: "/login?reauthenticate=1",
    });
    expect(toProblem(apiError("network_error"))).toEqual({ code: "network" });
    expect(toProblem(apiError("unexpected_response"))).toEqual({ code: "unknown" });
  });

  test.each([
    ["NotAllowedError", "webauthn_cancelled"],
    ["AbortError", "webauthn_aborted"],
    ["InvalidStateError", "passkey_on_device"],
    ["SecurityError", "webauthn_failed"],
    ["TypeError", "network"],
    ["TimeoutError", "dependency_unavailable"],
    ["RangeError", "unknown"],
  ])("reads %s as %s", (name, code) => {
    expect(toProblem(Object.assign(new Error("?"), { name }))).toEqual({ code });
  });

  test("anything else is unknown", () => {
    expect(toProblem("?")).toEqual({ code: "unknown" });
    expect(toProblem(Object.assign(new Error("?"), { code: "ERR <b>" }))).toEqual({ code: "unknown" });
    expect(toProblem(new ProblemError({ code: "network" }))).toEqual({ code: "network" });
  });
});

describe("problemWords", () => {
  test("are the agreed ones and never the server's", () => {
    expect(problemWords(toProblem(apiError("challenge_invalid")))).toBe("That took too long. Let's try again.");
    expect(problemWords({ code: "rate_limited", retryAfter: 40 })).toBe("Too many tries. Please wait 40 seconds.");
    expect(problemWords({ code: "rate_limited", retryAfter: 40 }, 12)).toBe("Too many tries. Please wait 12 seconds.");
    expect(problemWords({ code: "never_heard_of" })).toBe("Something went wrong. Please try again.");
  });
});

test("needsSignIn", () => {
  expect(needsSignIn({ code: "unauthenticated" })).toBe(true);
  expect(needsSignIn({ code: "rate_limited" })).toBe(false);
});
