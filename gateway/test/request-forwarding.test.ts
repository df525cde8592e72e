import { describe, expect, test } from "vitest";
import { provideRawWorld, requestLines, SMUGGLED, statusesOf } from "./support/raw-world.ts";

const world = provideRawWorld();

const chunked = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;

describe("what is passed on is one request, with the gateway's own words about who and how long", () => {
  const forwarded = async (text: string) => {
    const answer = await world.ask(text);
    return { answer, sent: world.upstream.take() };
  };

  test.each([
    ["in its body", () => world.signedIn("POST / HTTP/1.1", `Content-Length: ${SMUGGLED.length}`) + SMUGGLED],
    ["in its chunks", () => world.signedIn("POST / HTTP/1.1", "Transfer-Encoding: chunked") + chunked(SMUGGLED)],
    [
      "in chunks, by another case",
      () => world.signedIn("POST / HTTP/1.1", "tRANSFER-eNCODING:\tCHUNKED") + chunked(SMUGGLED),
    ],
    ["in the body of a GET", () => world.signedIn("GET / HTTP/1.1", `Content-Length: ${SMUGGLED.length}`) + SMUGGLED],
  ])("a second request %s stays a body", async (_name, text) => {
    const { answer, sent } = await forwarded(text());
    expect(statusesOf(answer)).toEqual([200]);
    const head = sent.slice(0, sent.indexOf("\r\n\r\n"));
    expect(requestLines(head)).toHaveLength(1);
    expect(head).not.toContain("mallory");
    const framing = head.match(/^(content-length|transfer-encoding): .*/gim);
    expect(framing).toHaveLength(1);
  });

  test("trailers are no headers", async () => {
    const text = `${world.signedIn("POST / HTTP/1.1", "Transfer-Encoding: chunked", "Trailer: Remote-User")}0\r\nRemote-User: mallory\r\n\r\n`;
    const { sent } = await forwarded(text);
    expect(requestLines(sent)).toHaveLength(1);
    expect(sent).not.toContain("mallory");
  });

  test.each([
    ["Remote-User: mallory"],
    ["remote_user: mallory"],
    ["REMOTE.USER: mallory"],
    ["X-Identity-Token: mallory"],
    ["X_Identity_Token: mallory"],
    ["X-Auth-Request-User: mallory"],
    ["X-Forwarded-User: mallory"],
    ["X-Forwarded-Host: mallory"],
    ["X-Original-URL: /mallory"],
    ["X-Rewrite-URL: /mallory"],
    ["Forwarded: for=mallory"],
    ["Remote-User: a\r\nRemote-User: mallory"],
    ["Connection: close, remote-user\r\nRemote-User: mallory"],
  ])("%j does not reach the upstream", async (header) => {
    const { sent } = await forwarded(world.signedIn("GET / HTTP/1.1", header));
    expect(requestLines(sent)).toHaveLength(1);
    expect(sent).not.toContain("mallory");
    expect(sent).toMatch(new RegExp(`^Remote-Email: ${world.person.email}\r$`, "im"));
  });

  test("naming the gateway's own headers in Connection does not take them away", async () => {
    const named =
      "Connection: close, remote-user, remote-email, x-identity-token, x-forwarded-for, host, cookie, content-length";
    const { sent } = await forwarded(`${world.signedIn("POST / HTTP/1.1", named, "Content-Length: 3")}abc`);
    for (const header of [
      "Remote-User",
      "Remote-Email",
      "X-Identity-Token",
      "X-Forwarded-For",
      "Host",
      "Content-Length",
    ]) {
      expect(sent).toMatch(new RegExp(`^${header}: .+\r$`, "im"));
    }
    expect(sent).not.toContain("ory_kratos_session");
  });

  test.each([
    ["h2c", ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__"]],
    ["TLS", ["Connection: Upgrade", "Upgrade: TLS/1.2"]],
    ["a list with websocket in it", ["Connection: Upgrade", "Upgrade: h2c, websocket"]],
  ])("an upgrade to %s is an ordinary request", async (_name, headers) => {
    const { answer, sent } = await forwarded(world.signedIn("GET / HTTP/1.1", ...headers) + SMUGGLED);
    expect(statusesOf(answer)[0]).toBe(200);
    expect(sent).not.toMatch(/upgrade|http2-settings|mallory/i);
    expect(requestLines(sent)).toEqual(["GET / HTTP/1.1"]);
  });

  test("a WebSocket's handshake with a body or a second Host is refused", async () => {
    const upgrade = [
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ];
    const answer = await world.ask(world.signedIn("GET / HTTP/1.1", ...upgrade, "Host: evil.example") + SMUGGLED);
    expect(statusesOf(answer)).toEqual([400]);
    expect(world.upstream.take()).toBe("");
  });
});
