import { randomBytes, randomUUID } from "node:crypto";
import express from "express";
import { createRemoteJWKSet, jwtVerify } from "jose";
import knex, { type Knex } from "knex";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { down, up } from "../../migrations/20261122-0002-identity-token-keys.ts";
import { serve } from "../../test/support/proxy-server.ts";
import { unifiedSession } from "../../test/support/unified-session.ts";
import { systemClock } from "../clock.ts";
import { OutageError } from "../errors.ts";
import { createJwksRoute } from "../http/jwks-route.ts";
import { createIdentityTokens } from "./identity-token.ts";
import { createIdentityTokenKeyStore } from "./identity-token-key-store.ts";

const [FIRST, SECOND, THIRD] = [1, 2, 3].map(() => randomBytes(32).toString("base64url")) as [string, string, string];

let admin: Knex;
let db: Knex;
const name = `test_${randomUUID().replaceAll("-", "")}`;
const log = pino({ level: "silent" });

beforeAll(async () => {
  const url = new URL(inject("stack").databaseUrl);
  admin = knex({ client: "pg", connection: url.href });
  await admin.raw("CREATE DATABASE ??", [name]);
  url.pathname = name;
  db = knex({ client: "pg", connection: url.href, pool: { min: 0, max: 10 } });
  await up(db);
});

afterEach(() => db("identity_token_keys").delete());

afterAll(async () => {
  await db.destroy();
  await admin.raw("DROP DATABASE ??", [name]);
  await admin.destroy();
});

const store = (...secrets: string[]) => createIdentityTokenKeyStore({ db, secrets, clock: systemClock, log });
const rows = () => db("identity_token_keys").select<{ kid: string; private_jwk: string }[]>();

describe("the identity token's keys", () => {
  it("are made once and then found again", async () => {
    const made = await store(FIRST).load();
    const found = await store(FIRST).load();
    expect(found.jwks).toEqual(made.jwks);
    expect(found.signing.kid).toBe(made.signing.kid);
    expect(await rows()).toHaveLength(1);
  });

  it("are one, however many replicas start at once", async () => {
    const loaded = await Promise.all(Array.from({ length: 8 }, () => store(FIRST).load()));
    expect(new Set(loaded.map(({ signing }) => signing.kid)).size).toBe(1);
    expect(await rows()).toHaveLength(1);
  });

  it("are published without their private part", async () => {
    const { jwks, signing } = await store(FIRST).load();
    expect(jwks.keys).toEqual([
      {
        kty: "EC",
        crv: "P-256",
        alg: "ES256",
        use: "sig",
        kid: signing.kid,
        x: expect.any(String),
        y: expect.any(String),
      },
    ]);
  });

  it("cannot be read from the table", async () => {
    const { jwks } = await store(FIRST).load();
    const [row] = await rows();
    const parts = (row?.private_jwk ?? "").split(".").map((part) => Buffer.from(part, "base64url").toString("latin1"));
    expect(parts.join()).not.toContain(String(jwks.keys[0]?.x));
    expect(JSON.parse(parts[0] ?? "")).toEqual({ alg: "dir", enc: "A256GCM", kid: row?.kid });
  });

  it("outlive a rotation of the secrets, and then need the old one no more", async () => {
    const made = await store(FIRST).load();
    expect((await store(SECOND, FIRST).load()).signing.kid).toBe(made.signing.kid);
    expect((await store(THIRD, SECOND).load()).signing.kid).toBe(made.signing.kid);
    expect(await rows()).toHaveLength(1);
  });

  it("that no secret opens are ignored and logged; a new one is made", async () => {
    const warn = vi.spyOn(log, "warn");
    const lost = await store(FIRST).load();
    const made = await store(SECOND).load();
    expect(made.signing.kid).not.toBe(lost.signing.kid);
    expect(made.jwks.keys.map(({ kid }) => kid)).toEqual([made.signing.kid]);
    expect(warn).toHaveBeenCalledWith({ kid: lost.signing.kid }, expect.any(String));
    expect(await rows()).toHaveLength(2);
  });

  it("are not taken from another row's text, nor from a damaged one", async () => {
    const made = await store(FIRST).load();
    await db("identity_token_keys").update({ kid: "another" });
    const second = await store(FIRST).load();
    expect(second.jwks.keys.map(({ kid }) => kid)).toEqual([second.signing.kid]);
    expect(second.signing.kid).not.toBe(made.signing.kid);
    await db("identity_token_keys").update({ private_jwk: "junk" });
    expect((await store(FIRST).load()).signing.kid).not.toBe(second.signing.kid);
  });

  it("sign with the newest and publish all", async () => {
    const older = await store(FIRST).load();
    await db("identity_token_keys").update({ created_at: new Date(0) });
    const hidden = await db("identity_token_keys").select();
    await db("identity_token_keys").delete();
    const newer = await store(FIRST).load();
    await db("identity_token_keys").insert(hidden);
    const both = await store(FIRST).load();
    expect(both.signing.kid).toBe(newer.signing.kid);
    expect(both.jwks.keys.map(({ kid }) => kid)).toEqual([newer.signing.kid, older.signing.kid]);
  });

  it("that cannot be asked for are an outage", async () => {
    const nowhere = knex({
      client: "pg",
      connection: "postgres://nobody@127.0.0.1:1/none",
      log: { warn: () => undefined },
    });
    const away = createIdentityTokenKeyStore({ db: nowhere, secrets: [FIRST], clock: systemClock, log });
    await expect(away.load()).rejects.toThrow(OutageError);
    await nowhere.destroy();
  });

  it("verify a token over HTTP, cacheable", async () => {
    const keys = await store(FIRST).load();
    const server = await serve(express.Router().get("/.well-known/jwks.json", createJwksRoute(keys)));
    const url = new URL("/.well-known/jwks.json", server.origin);
    const response = await fetch(url);
    expect(response.headers.get("cache-control")).toBe("public, max-age=300");
    expect(response.headers.get("content-type")).toContain("application/jwk-set+json");
    const publicUrl = new URL("http://localhost:8080");
    const token = await createIdentityTokens({ publicUrl, keys, clock: systemClock }).tokenFor(unifiedSession());
    const { payload } = await jwtVerify(token, createRemoteJWKSet(url), { issuer: publicUrl.origin });
    expect(payload.sub).toBe(unifiedSession().identity.id);
    await server.stop();
  });

  it("leave no table behind when migrated back", async () => {
    await down(db);
    expect(await db.schema.hasTable("identity_token_keys")).toBe(false);
    await up(db);
  });
});
