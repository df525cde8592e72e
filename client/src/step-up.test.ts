import { describe, expect, it } from "vitest";
import { ApiError } from "./client.ts";
import { stepUpUrl } from "./step-up.ts";

const LOGIN = "https://auth.example.com/login?reauthenticate=1&need=passkey";
const returnTo = (url: string | null) => url && new URL(url).searchParams.get("return_to");

describe("stepUpUrl", () => {
  it("keeps what the gateway said, and comes back to the page with its query and fragment", () => {
    const url = stepUpUrl({ login_url: LOGIN }, "https://auth.example.com/payments/42?from=mail&x=%2F#total");
    expect(url).toMatch(/^https:\/\/auth\.example\.com\/login\?reauthenticate=1&need=passkey&return_to=/);
    expect(returnTo(url)).toBe("/payments/42?from=mail&x=%2F#total");
  });

  it("comes back to another host by its whole address", () => {
    const page = "https://app.example.com/payments?x=1";
    expect(returnTo(stepUpUrl({ login_url: LOGIN }, page))).toBe(page);
  });

  it("takes an ApiError", () => {
    const members = { login_url: LOGIN };
    const error = new ApiError({ code: "aal2_required", status: 403, detail: "", members });
    expect(returnTo(stepUpUrl(error, "/a?b"))).toBe("/a?b");
  });

  it.each([
    ["there is no way", { login_url: undefined }],
    ["it is no address", { login_url: 42 }],
    ["it is another scheme", { login_url: "javascript:alert(1)" }],
  ])("is null where %s", (_, problem) => {
    expect(stepUpUrl(problem, "https://auth.example.com/")).toBeNull();
  });
});
