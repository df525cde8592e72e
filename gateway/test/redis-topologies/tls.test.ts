import { KeyObject, X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRedis } from "../../src/redis.ts";
import { askRedis } from "../../src/redis-errors.ts";
import { type Authority, createAuthority, type Issue } from "../support/certificate-authority.ts";
import { answerOf, createPasskeyWorld, login, type PasskeyWorld, personWithPasskey } from "../support/passkey-world.ts";
import { describeRedis } from "../support/redis-contract.ts";
import {
  cutConnections,
  freePorts,
  type RedisProcess,
  startRedisProcess,
  storeLines,
} from "../support/redis-process.ts";
import { redisSettingsOf } from "../support/redis-settings-of.ts";

const PASSWORD = "a-password-that-no-log-holds";
const folder = mkdtempSync(join(tmpdir(), "passbridge-redis-tls-"));
const file = (name: string) => join(folder, name);
let server: RedisProcess;
let world: PasskeyWorld;
/** What a gateway needs to be let in. */
let right: Record<string, string>;

async function issue(authority: Authority, name: string, wish: Partial<Issue> = {}): Promise<void> {
  const { der, keys } = await authority.issue({ subject: `CN=${name}`, ...wish });
  writeFileSync(file(`${name}.pem`), new X509Certificate(der).toString());
  const key = KeyObject.from(keys.privateKey).export({ format: "pem", type: "pkcs8" });
  writeFileSync(file(`${name}.key`), key, { mode: 0o600 });
}

async function makeFiles(): Promise<void> {
  const [own, other] = [await createAuthority("CN=own"), await createAuthority("CN=other")];
  writeFileSync(file("own-ca.pem"), own.pem);
  writeFileSync(file("other-ca.pem"), other.pem);
  await issue(own, "server", { hosts: ["localhost"] });
  await issue(own, "gateway");
  await issue(other, "stranger");
}

beforeAll(async () => {
  await makeFiles();
  const [port = 0, tlsPort = 0] = await freePorts(2);
  const lines = [
    ...storeLines(PASSWORD),
    ["tls-port", tlsPort],
    ["tls-cert-file", file("server.pem")],
    ["tls-key-file", file("server.key")],
    ["tls-ca-cert-file", file("own-ca.pem")],
    ["tls-auth-clients", "yes"],
    // What docs/operations.md says that a user needs.
    [
      "user",
      `passbridge on >${PASSWORD} ~passbridge:* ~test:* &passbridge:* &test:* +@read +@write +@scripting +@pubsub +@transaction +client +ping +role +asking +cluster|slots`,
    ],
  ] as const;
  server = await startRedisProcess(port, { folder, password: PASSWORD, lines });
  right = {
    REDIS_URL: `rediss://passbridge:${PASSWORD}@localhost:${tlsPort}`,
    REDIS_CA_FILE: file("own-ca.pem"),
    REDIS_CERT_FILE: file("gateway.pem"),
    REDIS_KEY_FILE: file("gateway.key"),
  };
  world = await createPasskeyWorld({ env: right });
});
afterAll(async () => {
  await world?.stop();
  await server?.stop();
  rmSync(folder, { recursive: true });
});

/** What the log says of a connection that is refused; commands are outages meanwhile. */
async function refusalOf(changes: Record<string, string>): Promise<string> {
  const lines: string[] = [];
  const redis = createRedis(
    redisSettingsOf({ ...right, ...changes }),
    pino({ level: "trace" }, { write: (line: string) => void lines.push(line) }),
  );
  redis.connect().catch(() => undefined);
  await expect.poll(() => lines.length).toBeGreaterThan(1);
  await expect(askRedis(() => redis.get("key"))).rejects.toMatchObject({ dependency: "redis" });
  redis.destroy();
  return lines.join("");
}

describe("rediss://", () => {
  it("serves a gateway that shows its certificate", async () => {
    const { authenticator } = await personWithPasskey(world);
    const browser = world.browser();
    expect(await login(browser, authenticator)).toMatchObject({ status: 200 });
    expect(await answerOf(browser.fetch("/api/auth/session"))).toMatchObject({ body: { authenticated: true } });
  });

  it.each([
    [
      "an authority that did not sign the server's certificate",
      () => ({ REDIS_CA_FILE: file("other-ca.pem") }),
      /unable to (verify|get local issuer)|self-signed/,
    ],
    [
      "the machine's authorities alone",
      () => ({ REDIS_CA_FILE: "" }),
      /unable to (verify|get local issuer)|self-signed/,
    ],
    [
      "a server of another name",
      () => ({ REDIS_URL: right.REDIS_URL?.replace("localhost", "127.0.0.1") ?? "" }),
      /ERR_TLS_CERT_ALTNAME_INVALID/,
    ],
    [
      "no certificate of its own",
      () => ({ REDIS_CERT_FILE: "", REDIS_KEY_FILE: "" }),
      /certificate required|closed unexpectedly|ECONNRESET/,
    ],
    [
      "a stranger's certificate",
      () => ({ REDIS_CERT_FILE: file("stranger.pem"), REDIS_KEY_FILE: file("stranger.key") }),
      /unknown ca|closed unexpectedly|ECONNRESET/,
    ],
  ])("refuses %s, and says why without the password", async (_what, changes, reason) => {
    const log = await refusalOf(changes());
    expect(log).toMatch(reason);
    expect(log).not.toContain(PASSWORD);
  });

  describeRedis(
    () => redisSettingsOf(right),
    () => cutConnections([server]),
  );
});
