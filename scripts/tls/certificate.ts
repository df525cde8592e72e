import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { isIP } from "node:net";
import { join } from "node:path";
import { Failure } from "../failure.ts";
import { PERMITTED_NAMES } from "./extensions.ts";
import { generateKeyPair, importKeyPair, type KeyPair } from "./key-pair.ts";
import { ensureLocalCa, expiresSoon, type LocalCa } from "./local-ca.ts";
import { readPem, replacePem, withTlsLock } from "./pem-files.ts";
import { signServerCertificate } from "./sign-certificates.ts";

/** Every name a browser on this machine may use for it. */
export const LOCAL_HOSTS = ["localhost", "127.0.0.1", "::1"];

const CERTIFICATE = "cert.pem";
const KEY = "key.pem";

/** A server certificate signed by the local CA, as files. */
export type ServerCertificate = {
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly caFile: string;
  readonly validTo: Date;
  /** True when this call issued it: a running server has to be restarted to use it. */
  readonly fresh: boolean;
};

function isPermitted(host: string): boolean {
  if (isIP(host)) return host === "::1" || host.startsWith("127.");
  return PERMITTED_NAMES.some((name) => host === name || host.endsWith(`.${name}`));
}

function namesOf(certificate: X509Certificate): string[] {
  const entries = (certificate.subjectAltName ?? "").split(", ").filter(Boolean);
  return entries.map((entry) => entry.replace(/^(DNS|IP Address):/, ""));
}

function sameNames(certificate: X509Certificate, hosts: readonly string[]): boolean {
  // Node writes IPv6 addresses at full length.
  const wanted = hosts.map((host) => (host === "::1" ? "0:0:0:0:0:0:0:1" : host));
  return namesOf(certificate).sort().join() === wanted.sort().join();
}

function isUsable(pem: string | null, key: string, ca: LocalCa, hosts: readonly string[], now: Date): boolean {
  if (pem === null) return false;
  try {
    const certificate = new X509Certificate(pem);
    const signed = certificate.checkIssued(ca.certificate) && certificate.verify(ca.certificate.publicKey);
    const matches = certificate.checkPrivateKey(createPrivateKey(key)) && sameNames(certificate, hosts);
    return signed && matches && !expiresSoon(certificate, now);
  } catch {
    return false;
  }
}

async function existingKey(home: string): Promise<KeyPair | null> {
  const pem = await readPem(home, KEY, true);
  if (pem === null) return null;
  return importKeyPair(pem).catch(() => null);
}

function checkHosts(hosts: readonly string[]): string {
  const first = hosts[0];
  if (first === undefined) throw new Failure("A certificate needs at least one host.", "Name one, such as localhost.");
  const refused = hosts.find((host) => !isPermitted(host));
  if (refused === undefined) return first;
  throw new Failure(
    `The local CA vouches for names of this machine only, not for ${refused}.`,
    "Use localhost, a name under .localhost or .test, or a loopback address; real hosts need a real certificate.",
  );
}

/** Leaves a usable certificate alone; issues one otherwise, keeping the key there is. */
async function ensureFiles(home: string, ca: LocalCa, hosts: readonly string[], now: Date): Promise<boolean> {
  const existing = await existingKey(home);
  if (existing && isUsable(await readPem(home, CERTIFICATE, false), existing.pem, ca, hosts, now)) return false;
  const pair = existing ?? (await generateKeyPair());
  if (!existing) await replacePem(home, { name: KEY, text: pair.pem, secret: true });
  const text = await signServerCertificate(ca, pair.keys.publicKey, hosts, now);
  await replacePem(home, { name: CERTIFICATE, text, secret: false });
  return true;
}

/**
 * A server certificate for these hosts, signed by the folder's local CA (made when there is none).
 * Kept in a folder named after the first host; issued anew when it is close to its end, is not for exactly these
 * hosts, or is not of this CA; left alone otherwise.
 * @throws Failure when a host is not one the CA may vouch for (localhost, *.localhost, *.test, loopback addresses).
 */
export async function issueCertificate(
  folder: string,
  hosts: readonly string[] = LOCAL_HOSTS,
  now: Date = new Date(),
): Promise<ServerCertificate> {
  const first = checkHosts(hosts);
  const ca = await ensureLocalCa(folder, now);
  const home = join(folder, first.replaceAll(":", "-"));
  const fresh = await withTlsLock(folder, () => ensureFiles(home, ca, hosts, now));
  const certificateFile = join(home, CERTIFICATE);
  const validTo = new X509Certificate(await readFile(certificateFile)).validToDate;
  return { certificateFile, keyFile: join(home, KEY), caFile: ca.certificateFile, validTo, fresh };
}
