import type { Response } from "express";
import { expect, test } from "vitest";
import { accountKey } from "./account-key.ts";
import { createKnownBrowser } from "./known-browser.ts";

const [OLD, NEW] = ["o".repeat(32), "n".repeat(32)];
const ann = accountKey("ann@example.com");

function cookieOf(secrets: readonly string[], secure = false): { header: string; options: object } {
  const made = { header: "", options: {} };
  const response = {
    cookie: (name: string, value: string, options: object) =>
      Object.assign(made, { header: `${name}=${value}`, options }),
  };
  createKnownBrowser(secrets, secure).remember(response as unknown as Response, ann);
  return made;
}

const read = (header: string, secrets: readonly string[], account = ann) =>
  createKnownBrowser(secrets, false).read({ headers: { cookie: header } }, account);

test("a browser is known for its account, also after the secrets were rotated", () => {
  const { header, options } = cookieOf([OLD]);
  expect(read(header, [OLD])).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(read(`a=1; ${header}`, [NEW, OLD])).toBe(read(header, [OLD]));
  expect(options).toMatchObject({ httpOnly: true, sameSite: "lax", path: "/.ory/kratos", secure: false });
  expect(cookieOf([OLD], true)).toMatchObject({
    header: expect.stringMatching(/^__Secure-/),
    options: { secure: true },
  });
});

test("and for nothing else", () => {
  const { header } = cookieOf([OLD]);
  expect(read(header, [NEW])).toBeNull();
  expect(read(header, [OLD], accountKey("bob@example.com"))).toBeNull();
  const [name, value = ""] = header.split("=", 2);
  const [account, token, signature] = value.split(".");
  const forged = [accountKey("bob@example.com"), token, signature].join(".");
  expect(read(`${name}=${forged}`, [OLD], accountKey("bob@example.com"))).toBeNull();
  for (const wrong of ["", ".", "..", `${account}.${token}`, `${account}..${signature}`, value.slice(0, -1)]) {
    expect(read(`${name}=${wrong}`, [OLD])).toBeNull();
  }
});
