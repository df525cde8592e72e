import type { Request, Response } from "express";
import { describe, expect, test } from "vitest";
import { createBrowserBinding } from "./browser-binding.ts";

type Sent = { name: string; value: string; options: object };

function exchange(cookie?: string) {
  const sent: Sent[] = [];
  const request = { headers: { cookie } } as Request;
  const response = {
    cookie: (name: string, value: string, options: object) => sent.push({ name, value, options }),
  } as unknown as Response;
  return { request, response, sent };
}

describe.each([
  [false, "passbridge_browser"],
  [true, "__Host-passbridge_browser"],
])("secure: %s", (secure, name) => {
  const binding = createBrowserBinding(secure);

  test("sends a random secret once and knows it again", () => {
    const first = exchange();
    const hash = binding.ensure(first.request, first.response);
    const [cookie] = first.sent;
    expect(cookie).toMatchObject({ name, options: { httpOnly: true, sameSite: "lax", path: "/", secure } });
    expect(cookie?.options).not.toHaveProperty("domain");
    expect(Buffer.from(cookie?.value ?? "", "base64url")).toHaveLength(32);
    expect(hash).not.toContain(cookie?.value);

    const second = exchange(`other=1; ${name}=${cookie?.value}`);
    expect(binding.read(second.request)).toBe(hash);
    expect(binding.ensure(second.request, second.response)).toBe(hash);
    expect(second.sent).toEqual([]);
  });

  test.each(["", "short", "x".repeat(44), `${"x".repeat(42)}=`, `${"x".repeat(42)}/`])("replaces %j", (value) => {
    const { request, response, sent } = exchange(`${name}=${value}`);
    expect(binding.read(request)).toBeNull();
    binding.ensure(request, response);
    expect(sent).toHaveLength(1);
  });
});

test("two browsers get two secrets", () => {
  const binding = createBrowserBinding(false);
  const hashes = [exchange(), exchange()].map(({ request, response }) => binding.ensure(request, response));
  expect(new Set(hashes).size).toBe(2);
});
