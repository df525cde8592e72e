import type { Request, Response } from "express";
import { describe, expect, it } from "vitest";
import { createSecurityHeaders } from "./security-headers.ts";

function headersFor(publicUrl: string): Map<string, string> {
  const headers = new Map<string, string>();
  const response = {
    setHeader: (name: string, value: string) => headers.set(name.toLowerCase(), value),
    removeHeader: () => undefined,
  };
  createSecurityHeaders(new URL(publicUrl))({} as Request, response as unknown as Response, () => undefined);
  return headers;
}

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
