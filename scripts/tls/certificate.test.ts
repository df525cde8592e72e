import { X509Certificate } from "node:crypto";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Failure } from "../failure.ts";
import { issueCertificate, LOCAL_HOSTS } from "./certificate.ts";
import { generateKeyPair } from "./key-pair.ts";
import { ensureLocalCa } from "./local-ca.ts";
import { signServerCertificate } from "./sign-certificates.ts";

const DAY = 86_400_000;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "passbridge-tls-"));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** Serves with a certificate and says what a client that trusts the CA makes of it. */
async function handshake(cert: string, key: string, ca: string, servername: string): Promise<string> {
  const server = createServer({ cert, key });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    return await new Promise((resolve) => {
      const socket = connect({ host: "127.0.0.1", port, ca, servername }, () => resolve("trusted"));
      socket.on("error", (error: NodeJS.ErrnoException) => resolve(`${error.code}: ${error.message}`));
      socket.unref();
    });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

function filesOf(certificate: { certificateFile: string; keyFile: string; caFile: string }) {
  return Promise.all(
    [certificate.certificateFile, certificate.keyFile, certificate.caFile].map((f) => readFile(f, "utf8")),
  );
}

async function modeOf(file: string): Promise<number> {
  return (await stat(file)).mode & 0o777;
}

test("a client that trusts the CA accepts every local name, one that does not refuses", async () => {
  const [cert = "", key = "", ca = ""] = await filesOf(await issueCertificate(folder));
  const stranger = await ensureLocalCa(join(folder, "stranger"));

  expect(await handshake(cert, key, ca, "localhost")).toBe("trusted");
  expect(await handshake(cert, key, stranger.pem, "localhost")).toContain("SELF_SIGNED_CERT_IN_CHAIN");
  expect(await handshake(cert, key, ca, "other.test")).toContain("ERR_TLS_CERT_ALTNAME_INVALID");
  const leaf = new X509Certificate(cert);
  expect(leaf.subjectAltName).toBe("DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1");
  expect(leaf.checkIP("127.0.0.1")).toBe("127.0.0.1");
  expect(leaf.checkIP("::1")).toBe("::1");
});

test("the server certificate lives 825 days at most and is no CA; the CA is one", async () => {
  const { certificateFile, caFile } = await issueCertificate(folder);
  const leaf = new X509Certificate(await readFile(certificateFile));
  const ca = new X509Certificate(await readFile(caFile));

  expect((leaf.validToDate.getTime() - leaf.validFromDate.getTime()) / DAY).toBeLessThanOrEqual(825);
  expect([leaf.ca, ca.ca]).toEqual([false, true]);
  expect(leaf.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
});

test("keys are readable by their owner alone, even after someone opened them up", async () => {
  const { keyFile } = await issueCertificate(folder);
  const caKeyFile = join(folder, "ca", "ca-key.pem");
  expect([await modeOf(keyFile), await modeOf(caKeyFile)]).toEqual([0o600, 0o600]);

  await Promise.all([chmod(keyFile, 0o644), chmod(caKeyFile, 0o644)]);
  await issueCertificate(folder);
  expect([await modeOf(keyFile), await modeOf(caKeyFile)]).toEqual([0o600, 0o600]);
});

test("a second call changes nothing", async () => {
  const first = await issueCertificate(folder);
  const before = await filesOf(first);
  const second = await issueCertificate(folder);

  expect([first.fresh, second.fresh]).toEqual([true, false]);
  expect(await filesOf(second)).toEqual(before);
});

test("calls at the same time agree on one CA and one certificate", async () => {
  const all = await Promise.all(Array.from({ length: 4 }, () => issueCertificate(folder)));
  expect(all.filter((one) => one.fresh)).toHaveLength(1);
  const [cert = "", key = "", ca = ""] = await filesOf(await issueCertificate(folder));
  expect(await handshake(cert, key, ca, "localhost")).toBe("trusted");
});

test("renewed close to its end under the same CA and key", async () => {
  const now = new Date();
  const first = await issueCertificate(folder, LOCAL_HOSTS, now);
  const [cert, key, ca] = await filesOf(first);
  const untouched = await issueCertificate(folder, LOCAL_HOSTS, new Date(first.validTo.getTime() - 31 * DAY));
  expect(untouched.fresh).toBe(false);

  const renewed = await issueCertificate(folder, LOCAL_HOSTS, new Date(first.validTo.getTime() - 29 * DAY));
  expect(renewed.fresh).toBe(true);
  expect(renewed.validTo.getTime()).toBeGreaterThan(first.validTo.getTime());
  const [newCert, newKey, newCa] = await filesOf(renewed);
  expect([newKey, newCa]).toEqual([key, ca]);
  expect(newCert).not.toBe(cert);
});

test("issued anew for other hosts, and when its file is broken", async () => {
  const first = await issueCertificate(folder);
  const wider = await issueCertificate(folder, [...LOCAL_HOSTS, "app.localhost"]);
  expect(wider.fresh).toBe(true);

  await writeFile(first.certificateFile, "no certificate");
  expect((await issueCertificate(folder, [...LOCAL_HOSTS, "app.localhost"])).fresh).toBe(true);
  await writeFile(first.keyFile, "no key");
  const [cert = "", key = "", ca = ""] = await filesOf(await issueCertificate(folder, ["localhost"]));
  expect(await handshake(cert, key, ca, "localhost")).toBe("trusted");
});

test("a CA about to expire is replaced and set aside, and what it signed is issued anew", async () => {
  const first = await issueCertificate(folder);
  const ca = new X509Certificate(await readFile(first.caFile));
  const late = new Date(ca.validToDate.getTime() - 5 * DAY);

  const renewed = await issueCertificate(folder, LOCAL_HOSTS, late);
  expect(renewed.fresh).toBe(true);
  expect(new X509Certificate(await readFile(renewed.caFile)).fingerprint256).not.toBe(ca.fingerprint256);
  const aside = join(folder, `ca-until-${ca.validToDate.toISOString().slice(0, 10)}`, "ca.pem");
  expect(new X509Certificate(await readFile(aside)).fingerprint256).toBe(ca.fingerprint256);
});

test.each(["example.com", "notlocalhost", "localhost.example.com", "10.0.0.1", "2001:db8::1"])(
  "no certificate for %s",
  async (host) => {
    await expect(issueCertificate(folder, ["localhost", host])).rejects.toThrow(Failure);
  },
);

test.each(["example.com", "localhost.example.com"])(
  "even with the CA's key in hand, a certificate for %s is worth nothing",
  async (host) => {
    const ca = await ensureLocalCa(folder);
    const { keys, pem } = await generateKeyPair();
    const stolen = await signServerCertificate(ca, keys.publicKey, [host], new Date());
    expect(await handshake(stolen, pem, ca.pem, host)).toContain("permitted subtree violation");
  },
);

test.each(["ca.pem", "ca-key.pem"])("a CA whose %s is gone or broken is reported with a remedy", async (name) => {
  await ensureLocalCa(folder);
  await writeFile(join(folder, "ca", name), "broken");
  await expect(ensureLocalCa(folder)).rejects.toMatchObject({ remedy: expect.stringContaining("manage.sh tls") });
  await rm(join(folder, "ca", name));
  await expect(ensureLocalCa(folder)).rejects.toThrow("is damaged");
});
