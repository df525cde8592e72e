import { describe, expect, it } from "vitest";
import { createSecurityHeaders } from "./security-headers.ts";

const headersFor = (publicUrl: string) =>
  new Map(createSecurityHeaders(new URL(publicUrl)).map(([name, value]) => [name.toLowerCase(), value]));

describe("createSecurityHeaders", () => {
  it.each([
    ["https://login.example.com", true],
    ["https://localhost:8443", false],
    ["https://app.test", false],
    ["http://localhost:8080", false],
  ])("%s: strict transport security %s", (publicUrl, strict) => {
    expect(headersFor(publicUrl).has("strict-transport-security")).toBe(strict);
  });
});
