import { randomBytes, randomUUID } from "node:crypto";
import express from "express";
import { createRemoteJWKSet, jwtVerify } from "jose";
import knex, { type Knex } from "knex";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { down, up } from "../../migrations/20261122-0002-identity-token-keys.ts";
import { up as addTimes, down as dropTimes } from "../../migrations/20261122-0009-token-key-times.ts";
import { serve } from "../../test/support/proxy-server.ts";
import { unifiedSession } from "../../test/support/unified-session.ts";
import { type Clock, systemClock } from "../clock.ts";
import { OutageError } from "../errors.ts";
import { createJwksRoute } from "../http/jwks-route.ts";
import { createIdentityTokens } from "./identity-token.ts";
import { createIdentityTokenKeyStore } from "./identity-token-key-store.ts";
import { createIdentityTokenKeyring } from "./identity-token-keyring.ts";

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
  await addTimes(db);
});

afterEach(async () => {
  clock = systemClock;
  await db("identity_token_keys").delete();
});

afterAll(async () => {
  await db.destroy();
  await admin.raw("DROP DATABASE ??", [name]);
  await admin.destroy();
});

let clock: Clock = systemClock;
const store = (...secrets: string[]) => createIdentityTokenKeyStore({ db, secrets, clock: () => clock(), log });
/** A replica's keys, with what only the database knows beside them. */
async function load(...secrets: string[]) {
  const keyring = await createIdentityTokenKeyring({ store: store(...secrets), clock: () => clock(), log });
  keyring.close();
  return keyring.current();
}
const rows = () => db("identity_token_keys").select<{ kid: string; private_jwk: string }[]>();

describe("the identity token's keys", () => {
  it("are made once and then found again", async () => {
    const made = await load(FIRST);
    const found = await load(FIRST);
    expect(found.jwks).toEqual(made.jwks);
    expect(found.signing.kid).toBe(made.signing.kid);
    expect(await rows()).toHaveLength(1);
  });

  it("are one, however many replicas start at once", async () => {
    const loaded = await Promise.all(Array.from({ length: 8 }, () => load(FIRST)));
    expect(new Set(loaded.map(({ signing }) => signing.kid)).size).toBe(1);
    expect(await rows()).toHaveLength(1);
  });

  it("are published without their private part", async () => {
    const { jwks, signing } = await load(FIRST);
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
    const { jwks } = await load(FIRST);
    const [row] = await rows();
    const parts = (row?.private_jwk ?? "").split(".").map((part) => Buffer.from(part, "base64url").toString("latin1"));
    expect(parts.join()).not.toContain(String(jwks.keys[0]?.x));
    expect(JSON.parse(parts[0] ?? "")).toEqual({ alg: "dir", enc: "A256GCM", kid: row?.kid });
  });

  it("outlive a rotation of the secrets, and then need the old one no more", async () => {
    const made = await load(FIRST);
    expect((await load(SECOND, FIRST)).signing.kid).toBe(made.signing.kid);
    expect((await load(THIRD, SECOND)).signing.kid).toBe(made.signing.kid);
    expect(await rows()).toHaveLength(1);
  });

  it("that no secret opens are ignored and logged; a new one is made", async () => {
    const warn = vi.spyOn(log, "warn");
    const lost = await load(FIRST);
    const made = await load(SECOND);
    expect(made.signing.kid).not.toBe(lost.signing.kid);
    expect(made.jwks.keys.map(({ kid }) => kid)).toEqual([made.signing.kid]);
    expect(warn).toHaveBeenCalledWith({ kid: lost.signing.kid }, expect.any(String));
    expect(await rows()).toHaveLength(2);
  });

  it("are not taken from another row's text, nor from a damaged one", async () => {
    const made = await load(FIRST);
    await db("identity_token_keys").update({ kid: "another" });
    const second = await load(FIRST);
    expect(second.jwks.keys.map(({ kid }) => kid)).toEqual([second.signing.kid]);
    expect(second.signing.kid).not.toBe(made.signing.kid);
    await db("identity_token_keys").update({ private_jwk: "junk" });
    expect((await load(FIRST)).signing.kid).not.toBe(second.signing.kid);
  });

  it("sign with the newest and publish all", async () => {
    const older = await load(FIRST);
    await db("identity_token_keys").update({ signs_from: new Date(0) });
    const hidden = await db("identity_token_keys").select();
    await db("identity_token_keys").delete();
    const newer = await load(FIRST);
    await db("identity_token_keys").insert(hidden);
    const both = await load(FIRST);
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
    const keys = await load(FIRST);
    const server = await serve(
      express.Router().get(
        "/.well-known/jwks.json",
        createJwksRoute(() => keys),
      ),
    );
    const url = new URL("/.well-known/jwks.json", server.origin);
    const response = await fetch(url);
    expect(response.headers.get("cache-control")).toBe("public, max-age=300");
    expect(response.headers.get("content-type")).toContain("application/jwk-set+json");
    const publicUrl = new URL("http://localhost:8080");
    const token = await createIdentityTokens({ publicUrl, keys: () => keys, clock: systemClock }).tokenFor(
      unifiedSession(),
    );
    const { payload } = await jwtVerify(token, createRemoteJWKSet(url), { issuer: publicUrl.origin });
    expect(payload.sub).toBe(unifiedSession().identity.id);
    await server.stop();
  });

  it("sign in turn: a new one once everybody can know it, the old one published until its tokens are over", async () => {
    const start = Date.now();
    const at = async (minutes: number) => {
      clock = () => new Date(start + minutes * 60_000);
      const { signing, jwks } = await load(FIRST);
      return { signs: signing.kid, published: jwks.keys.map(({ kid }) => kid) };
    };
    const old = (await at(0)).signs;
    const made = await store(FIRST).rotate();
    const next = made?.kid ?? "none";
    expect(made?.signsFrom).toEqual(new Date(start + 10 * 60_000));
    expect(await at(0)).toEqual({ signs: old, published: [next, old] });
    expect(await store(FIRST).rotate()).toBeNull();
    expect(await at(9.9)).toEqual({ signs: old, published: [next, old] });
    expect(await at(10)).toEqual({ signs: next, published: [next, old] });
    expect(await at(69)).toEqual({ signs: next, published: [next, old] });
    expect(await at(71)).toEqual({ signs: next, published: [next] });
    expect(await rows()).toHaveLength(2);
    const third = await store(FIRST).rotate();
    expect((await rows()).map(({ kid }) => kid).toSorted()).toEqual([next, third?.kid].toSorted());
  });

  it("are all but one forgotten where they had to be replaced", async () => {
    await load(FIRST);
    await store(FIRST).rotate();
    const { kid } = await store(FIRST).replace();
    const { signing, jwks } = await load(FIRST);
    expect([signing.kid, ...jwks.keys.map((key) => key.kid)]).toEqual([kid, kid]);
    expect(await rows()).toHaveLength(1);
  });

  it("reach a replica that runs, which goes on with the known ones in an outage", async () => {
    const warn = vi.spyOn(log, "warn").mockClear();
    let away = false;
    const real = store(FIRST);
    const load = () => (away ? Promise.reject(new OutageError("postgres", new Error("away"))) : real.load());
    const keyring = await createIdentityTokenKeyring({ store: { load }, clock: systemClock, log, readAgain: 20 });
    const first = keyring.current().signing.kid;
    away = true;
    await vi.waitFor(() => expect(warn).toHaveBeenCalled());
    expect(keyring.current().signing.kid).toBe(first);
    const { kid } = await real.replace();
    away = false;
    await vi.waitFor(() => expect(keyring.current().signing.kid).toBe(kid));
    keyring.close();
  });

  it("leave no table behind when migrated back", async () => {
    await dropTimes(db);
    await down(db);
    expect(await db.schema.hasTable("identity_token_keys")).toBe(false);
    await up(db);
    await addTimes(db);
  });
});
