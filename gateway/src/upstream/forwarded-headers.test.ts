import { IncomingMessage } from "node:http";
import { isIP, Socket } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createForwardedHeaders } from "./forwarded-headers.ts";

function request(remoteAddress: string, forwardedFor?: string): IncomingMessage {
  const message = new IncomingMessage(Object.defineProperty(new Socket(), "remoteAddress", { value: remoteAddress }));
  if (forwardedFor !== undefined) message.headers["x-forwarded-for"] = forwardedFor;
  return message;
}

const PUBLIC_URL = new URL("https://app.example.com");

describe("createForwardedHeaders", () => {
  it.each([
    ["a direct client", [], "203.0.113.9", undefined, "203.0.113.9"],
    ["an untrusted neighbour's claim", [], "203.0.113.9", "10.0.0.1", "203.0.113.9"],
    ["a trusted proxy", ["10.0.0.0/8"], "10.0.0.1", "203.0.113.9", "203.0.113.9, 10.0.0.1"],
    [
      "a client's forgery before a trusted proxy",
      ["10.0.0.1"],
      "10.0.0.1",
      "1.1.1.1, 203.0.113.9",
      "203.0.113.9, 10.0.0.1",
    ],
    ["two trusted proxies", ["10.0.0.0/8"], "10.0.0.2", "203.0.113.9, 10.0.0.1", "203.0.113.9, 10.0.0.1, 10.0.0.2"],
    [
      "a trusted proxy in IPv6 clothing",
      ["10.0.0.0/8"],
      "::ffff:10.0.0.1",
      "203.0.113.9",
      "203.0.113.9, ::ffff:10.0.0.1",
    ],
    ["an IPv6 range", ["fd00::/8"], "fd00::1", "2001:db8::1", "2001:db8::1, fd00::1"],
    ["a trusted proxy that says nothing", ["10.0.0.0/8"], "10.0.0.1", undefined, "10.0.0.1"],
    ["junk from a trusted proxy", ["10.0.0.0/8"], "10.0.0.1", "evil\t, unknown", "10.0.0.1"],
  ])("%s", (_name, trusted, address, claimed, expected) => {
    const headers = createForwardedHeaders(PUBLIC_URL, trusted)(request(address, claimed));
    expect(headers.slice(0, 2)).toEqual(["X-Forwarded-For", expected]);
  });

  it.each([
    ["https://app.example.com", "https", "app.example.com", "443"],
    ["http://localhost:8080", "http", "localhost:8080", "8080"],
    ["http://localhost", "http", "localhost", "80"],
  ])("%s: scheme, host and port come from the configuration", (publicUrl, proto, host, port) => {
    expect(createForwardedHeaders(new URL(publicUrl), [])(request("192.0.2.1")).slice(2)).toEqual([
      ...["X-Forwarded-Proto", proto],
      ...["X-Forwarded-Host", host],
      ...["X-Forwarded-Port", port],
    ]);
  });
});

describe("whatever X-Forwarded-For claims", () => {
  it("only addresses are passed on, the neighbour's own last", () => {
    const hops = fc.oneof(fc.ipV4(), fc.ipV6(), fc.constant("10.0.0.7"), fc.string({ unit: "binary", maxLength: 20 }));
    fc.assert(
      fc.property(fc.array(hops), (claimed) => {
        const read = createForwardedHeaders(PUBLIC_URL, ["10.0.0.0/8"])(request("10.0.0.1", claimed.join(",")));
        const chain = read[1]?.split(", ") ?? [];
        expect(chain.at(-1)).toBe("10.0.0.1");
        expect(chain.every((address) => isIP(address) !== 0)).toBe(true);
        expect(chain.slice(1).every((address) => address.startsWith("10."))).toBe(true);
      }),
    );
  });
});
