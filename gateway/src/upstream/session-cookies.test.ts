import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { filterCookieHeader, isKratosCookie, isUpstreamCookie, setCookieName } from "./session-cookies.ts";

const KRATOS_CSRF = `csrf_token_${"0a".repeat(32)}`;

describe("isUpstreamCookie", () => {
  it.each([
    "passbridge_session",
    "__Host-passbridge_session",
    "__host-Passbridge_Session",
    "passbridge_browser",
    "__Host-passbridge_browser",
    "__Secure-passbridge_session",
    "ory_kratos_session",
    "ory_kratos_continuity",
    KRATOS_CSRF,
  ])("%s is none of the upstream's", (name) => {
    expect(isUpstreamCookie(name)).toBe(false);
  });

  it.each(["session", "csrf_token", "csrf_token_app", "my_passbridge_session", "kratos", "", "ory_kratos"])(
    "%j may pass",
    (name) => {
      expect(isUpstreamCookie(name)).toBe(true);
    },
  );

  it("tells Kratos' cookies from the gateway's", () => {
    expect(isKratosCookie("ory_kratos_session")).toBe(true);
    expect(isKratosCookie(KRATOS_CSRF)).toBe(true);
    expect(isKratosCookie("passbridge_session")).toBe(false);
  });
});

describe("filterCookieHeader", () => {
  it.each([
    ["a=1; b=2", "a=1; b=2"],
    ['a=1;b=2 ;  c="x y"; ;d', 'a=1;b=2 ;  c="x y"; ;d'],
    ["passbridge_session=s%3Ax.y", null],
    ["passbridge_session=x;", null],
    ["passbridge_session=x; a=1", "a=1"],
    ["a=1; passbridge_session=x; b==2=", "a=1; b==2="],
    ["a=1; ory_kratos_session=x", "a=1"],
    ["a=1;passbridge_session = x;b=2", "a=1;b=2"],
    ['a="; passbridge_session=x; b="', 'a="; b="'],
    [`passbridge_session=1; passbridge_session=2; ${KRATOS_CSRF}=3; a=passbridge_session`, "a=passbridge_session"],
    ["", ""],
  ])("%j → %j", (header, expected) => {
    expect(filterCookieHeader(header, isUpstreamCookie)).toBe(expected);
  });

  it("keeps every other cookie byte for byte and in order", () => {
    const value = fc.stringMatching(/^[!#-+\--:<-[\]-~\x80-\xff]{0,20}$/);
    const theirs = fc.tuple(fc.stringMatching(/^[a-z]{1,8}$/), value).map((pair) => pair.join("="));
    const ours = fc
      .tuple(fc.constantFrom("passbridge_session", "ory_kratos_session", KRATOS_CSRF), value)
      .map((pair) => ({ text: pair.join("=") }));
    fc.assert(
      fc.property(fc.array(fc.oneof(theirs, ours), { minLength: 1 }), (cookies) => {
        const header = cookies.map((cookie) => (typeof cookie === "string" ? cookie : cookie.text)).join("; ");
        const kept = cookies.filter((cookie) => typeof cookie === "string").join("; ");
        expect(filterCookieHeader(header, isUpstreamCookie) ?? "").toBe(kept);
      }),
    );
  });
});

describe("setCookieName", () => {
  it.each([
    ["a=1; Path=/", "a"],
    [" passbridge_session =; Max-Age=0", "passbridge_session"],
    ["=passbridge_session=x", "passbridge_session"],
    [" = =passbridge_session=x", "passbridge_session"],
    ["bare; HttpOnly", "bare"],
    ["", ""],
  ])("%j → %j", (setCookie, name) => {
    expect(setCookieName(setCookie)).toBe(name);
  });
});
