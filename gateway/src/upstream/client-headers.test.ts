import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stripClientHeaders } from "./client-headers.ts";
import { isUpstreamCookie } from "./session-cookies.ts";

const strip = (...headers: string[]) => stripClientHeaders(headers, isUpstreamCookie);

const VOUCHED = [
  "Remote-User",
  "Remote-Email",
  "Remote-Name",
  "Remote-Groups",
  "X-Auth-Method",
  "X-Auth-Aal",
  "X-Identity-Token",
  "X-Auth-Request-User",
  "X-Auth-Request-Anything",
  "X-Forwarded-User",
  "X-Forwarded-Email",
  "X-Forwarded-Groups",
  "X-Forwarded-Preferred-Username",
  "X-Forwarded-For",
  "X-Forwarded-Proto",
  "X-Forwarded-Host",
  "X-Forwarded-Port",
  "X-Forwarded-Uri",
  "Forwarded",
  "X-Real-IP",
  "X-Original-URL",
  "X-Original-Method",
  "X-Rewrite-URL",
];

describe("stripClientHeaders", () => {
  it.each(VOUCHED)("drops a client's own %s in any spelling", (name) => {
    for (const separator of ["-", "_", ".", "--", "-_", "!", "~"]) {
      const spelled = name.replaceAll("-", separator);
      expect(strip(spelled, "x", spelled.toUpperCase(), "x", spelled.toLowerCase(), "x", `_${spelled}`, "x")).toEqual(
        [],
      );
    }
  });

  it("drops them in any mixture of case and separators", () => {
    const spelling = fc.constantFrom(...VOUCHED).chain((name) =>
      fc
        .array(fc.tuple(fc.boolean(), fc.constantFrom(..."-_.!#$%&'*+^`|~")), {
          minLength: name.length,
          maxLength: name.length,
        })
        .map((choices) =>
          [...name]
            .map((letter, i) => {
              const [upper, separator] = choices[i] ?? [false, "-"];
              if (letter === "-") return separator;
              return upper ? letter.toUpperCase() : letter.toLowerCase();
            })
            .join(""),
        ),
    );
    fc.assert(
      fc.property(spelling, (name) => {
        expect(strip("A", "1", name, "forged", "B", "2")).toEqual(["A", "1", "B", "2"]);
      }),
    );
  });

  it.each([
    "Connection",
    "Keep-Alive",
    "Proxy-Connection",
    "Proxy-Authorization",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
    "HTTP2-Settings",
    "Host",
    "Content-Length",
    "Expect",
    "X-Request-Id",
  ])("drops %s, which ends here or is set anew", (name) => {
    expect(strip(name, "x", name.toLowerCase(), "y")).toEqual([]);
  });

  it("drops what a Connection header names", () => {
    expect(
      strip("Connection", "close, X-Secret", "x-secret", "1", "connection", " Other ", "OTHER", "2", "Keep", "3"),
    ).toEqual(["Keep", "3"]);
  });

  it("keeps everything else: order, case, repetition, bytes", () => {
    const rest = [
      "Accept",
      "*/*",
      "accept",
      "text/html",
      "X-Été",
      "\xe9\xff",
      "Authorization",
      "Bearer x",
      "X-Authority",
      "1",
    ];
    expect(strip(...rest, "Remote-Userx", "1", "X-Forwardedness", "2")).toEqual([
      ...rest,
      "Remote-Userx",
      "1",
      "X-Forwardedness",
      "2",
    ]);
  });

  it("filters each Cookie header and drops an empty one", () => {
    expect(strip("Cookie", "passbridge_session=a; x=1", "Cookie", "ory_kratos_session=b")).toEqual(["Cookie", "x=1"]);
  });
});
