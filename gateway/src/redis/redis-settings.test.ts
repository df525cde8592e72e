import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { redisSettingsOf } from "../../test/support/redis-settings-of.ts";
import { accessOf, placeOf } from "./redis-server.ts";

let folder: string;
let pem: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "passbridge-settings-"));
  pem = join(folder, "ca.pem");
  writeFileSync(pem, "the text");
});
afterAll(() => rm(folder, { recursive: true }));

const SENTINEL = { REDIS_MODE: "sentinel", REDIS_SENTINEL_MASTER: "main" };

test("one address is enough", () => {
  const settings = redisSettingsOf({ REDIS_URL: "redis://:p%40ss@redis:6380/2" });
  expect(settings).toMatchObject({ mode: "single", urls: ["redis://:p%40ss@redis:6380/2"] });
  expect(accessOf(settings)).toEqual({ username: undefined, password: "p@ss", database: 2, tls: null });
});

test("several addresses, with a comma in the password that they share", () => {
  const settings = redisSettingsOf({ ...SENTINEL, REDIS_URL: "redis://me:a,b@one, redis://me:a,b@two:26380" });
  expect(settings.urls).toEqual(["redis://me:a,b@one", "redis://me:a,b@two:26380"]);
  expect(settings.urls.map((url) => placeOf(url, 26_379))).toEqual([
    { host: "one", port: 26_379 },
    { host: "two", port: 26_380 },
  ]);
  expect(accessOf(settings)).toMatchObject({ username: "me", password: "a,b" });
});

test("an IPv6 address has no brackets to the socket", () => {
  expect(placeOf("redis://[::1]:6380", 6_379)).toEqual({ host: "::1", port: 6_380 });
});

test("rediss:// takes files in PEM", () => {
  const files = { REDIS_CA_FILE: pem, REDIS_CERT_FILE: pem, REDIS_KEY_FILE: pem };
  const settings = redisSettingsOf({ REDIS_URL: "rediss://redis", ...files });
  expect(accessOf(settings).tls).toEqual({ ca: "the text", cert: "the text", key: "the text" });
  expect(accessOf(redisSettingsOf({ REDIS_URL: "rediss://redis" })).tls).toEqual({});
});

test.each([
  [{ REDIS_URL: "redis://a,redis://b" }, /REDIS_URL: several addresses need REDIS_MODE/],
  [{ REDIS_URL: "redis://a,http://b", REDIS_MODE: "cluster" }, /REDIS_URL: needs a URL that starts with/],
  [{ REDIS_URL: "redis://:x@a,redis://:y@b", REDIS_MODE: "cluster" }, /differ in host and port alone/],
  [{ REDIS_URL: "redis://a,rediss://b", REDIS_MODE: "cluster" }, /differ in host and port alone/],
  [{ REDIS_URL: "redis://a/1", REDIS_MODE: "cluster" }, /a cluster has database 0 alone/],
  [{ REDIS_URL: "redis://a", REDIS_MODE: "replicated" }, /REDIS_MODE/],
  [{ REDIS_URL: "redis://a", REDIS_MODE: "sentinel" }, /REDIS_SENTINEL_MASTER: needed/],
  [{ REDIS_URL: "redis://a", REDIS_SENTINEL_MASTER: "main" }, /REDIS_SENTINEL_MASTER: needs REDIS_MODE=sentinel/],
  [{ REDIS_URL: "redis://a", REDIS_SENTINEL_PASSWORD: "x" }, /REDIS_SENTINEL_PASSWORD: needs REDIS_MODE=sentinel/],
  [{ REDIS_URL: "rediss://a", REDIS_CA_FILE: "/nowhere.pem" }, /REDIS_CA_FILE: .*cannot be read/],
])("has a fault in %j", (env, fault) => {
  expect(() => redisSettingsOf(env)).toThrow(fault);
});

test("reports its faults at once", () => {
  const env = { ...SENTINEL, REDIS_SENTINEL_MASTER: "", REDIS_URL: "redis://a", REDIS_CERT_FILE: pem };
  expect(() => redisSettingsOf(env)).toThrow(
    /REDIS_SENTINEL_MASTER: needed[\s\S]*REDIS_CERT_FILE: needs REDIS_URL with rediss[\s\S]*set both or neither/,
  );
});
