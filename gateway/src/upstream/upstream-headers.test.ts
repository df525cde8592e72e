import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { isUpstreamCookie } from "./session-cookies.ts";
import { copyHeaders, keptByNobodyElse, stripUpstreamHeaders } from "./upstream-headers.ts";

const strip = (...headers: string[]) => stripUpstreamHeaders(headers, isUpstreamCookie);

describe("stripUpstreamHeaders", () => {
  it.each([
    "passbridge_session=x; Path=/",
    "passbridge_session=; Max-Age=0",
    "__Host-passbridge_session=x",
    "=passbridge_session=x",
    "ory_kratos_session=; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
  ])("drops Set-Cookie: %s", (value) => {
    expect(strip("Set-Cookie", value, "Set-Cookie", "app=1")).toEqual([["Set-Cookie", "app=1"]]);
  });

  it.each([
    ['"cookies"', []],
    ['"*"', []],
    ["*", []],
    ['"cache", "cookies", "storage"', [["Clear-Site-Data", '"cache", "storage"']]],
    ['"cache"', [["Clear-Site-Data", '"cache"']]],
  ])("lets Clear-Site-Data: %s clear no cookies", (value, expected) => {
    expect(strip("Clear-Site-Data", value)).toEqual(expected);
  });

  it("drops hop-by-hop headers and keeps the rest, empty ones as well", () => {
    expect(strip("Connection", "x-hop", "X-Hop", "1", "Keep-Alive", "timeout=5", "X-Empty", "", "ETag", "a")).toEqual([
      ["X-Empty", ""],
      ["ETag", "a"],
    ]);
  });
});

describe("copyHeaders", () => {
  it("replaces the gateway's headers but its cookies and request id", () => {
    const response = new ServerResponse(new IncomingMessage(new Socket()));
    response.setHeader("X-Request-Id", "ours").setHeader("Set-Cookie", "ours=1").setHeader("X-Frame-Options", "DENY");
    copyHeaders(
      [
        ["set-cookie", "a=1"],
        ["Set-Cookie", "b=2"],
        ["x-frame-options", "SAMEORIGIN"],
        ["X-Request-Id", "theirs"],
        ["Link", "</a>"],
        ["link", "</b>"],
      ],
      response,
    );
    expect(response.getHeaders()).toEqual({
      "x-request-id": "ours",
      "set-cookie": ["ours=1", "a=1", "b=2"],
      "x-frame-options": "SAMEORIGIN",
      link: ["</a>", "</b>"],
    });
  });
});

describe("an answer that says nothing about who may keep it", () => {
  it.each([
    [[]],
    [[["Cache-Control", "max-age=60"]]],
    [[["Vary", "Accept-Encoding"]]],
    [[["X-Cookie", "public"]]],
  ] as const)("%j is nobody else's", (headers) => {
    const given = headers.map(([name, value]): [string, string] => [name, value]);
    expect(keptByNobodyElse(given)).toEqual([...given, ["Vary", "Cookie"]]);
  });

  it.each(["public, max-age=60", "max-age=1, s-maxage=2", "private", "no-store", "no-cache,NO-STORE"])(
    "and one that says %s is left as it is",
    (value) => {
      expect(keptByNobodyElse([["cache-control", value]])).toEqual([["cache-control", value]]);
    },
  );

  it.each(["Cookie", "Accept, cookie", "*"])("and so is one that varies by %s", (value) => {
    expect(keptByNobodyElse([["Vary", value]])).toEqual([["Vary", value]]);
  });
});
