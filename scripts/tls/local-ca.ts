import { type webcrypto, X509Certificate } from "node:crypto";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "../failure.ts";
import { generateKeyPair, importKeyPair } from "./key-pair.ts";
import { createPemFolder, readPem, withTlsLock } from "./pem-files.ts";
import { signCaCertificate } from "./sign-certificates.ts";

const DAY = 86_400_000;
/** A certificate with fewer days left than this is renewed. */
export const RENEW_BEFORE_DAYS = 30;

const CERTIFICATE = "ca.pem";
const KEY = "ca-key.pem";

/** The local certificate authority: who signs the certificates of this checkout. */
export type LocalCa = {
  /** Path of the PEM file a browser is told to trust. */
  readonly certificateFile: string;
  readonly certificate: X509Certificate;
  readonly pem: string;
  readonly keys: webcrypto.CryptoKeyPair;
  /** True when this call made it: it needs to be trusted (again). */
  readonly fresh: boolean;
};

/** True when a certificate is over, or will be soon. */
export function expiresSoon(certificate: X509Certificate, now: Date): boolean {
  return certificate.validToDate.getTime() - now.getTime() < RENEW_BEFORE_DAYS * DAY;
}

async function createCa(home: string, now: Date): Promise<void> {
  const { keys, pem } = await generateKeyPair();
  const certificate = await signCaCertificate(keys, now);
  await createPemFolder(home, [
    { name: KEY, text: pem, secret: true },
    { name: CERTIFICATE, text: certificate, secret: false },
  ]);
}

function damaged(home: string, cause?: unknown): Failure {
  const remedy = "Remove that folder and run ./manage.sh tls again; the new CA has to be trusted anew.";
  return new Failure(`The local CA in ${home} is damaged.`, remedy, { cause });
}

async function readCa(home: string): Promise<Omit<LocalCa, "fresh"> | null> {
  const pem = await readPem(home, CERTIFICATE, false);
  const key = await readPem(home, KEY, true);
  if (pem === null && key === null) return null;
  if (pem === null || key === null) throw damaged(home);
  try {
    const certificate = new X509Certificate(pem);
    const { keys } = await importKeyPair(key);
    return { certificateFile: join(home, CERTIFICATE), certificate, pem, keys };
  } catch (cause) {
    throw damaged(home, cause);
  }
}

async function readOrCreateCa(home: string, now: Date): Promise<LocalCa> {
  const existing = await readCa(home);
  if (existing && !expiresSoon(existing.certificate, now)) return { ...existing, fresh: false };
  if (existing) await rename(home, `${home}-until-${existing.certificate.validToDate.toISOString().slice(0, 10)}`);
  await createCa(home, now);
  const made = await readCa(home);
  if (!made) throw damaged(home);
  return { ...made, fresh: true };
}

/**
 * The CA of a folder, made on the first call and read ever after; replaced (the old one set aside) when it is about
 * to expire. Two processes that call it at once get the same one.
 * @param folder where everything for TLS is kept; the CA goes into its `ca` folder, its key readable by the owner alone.
 * @throws Failure when the files there are damaged.
 */
export function ensureLocalCa(folder: string, now: Date = new Date()): Promise<LocalCa> {
  return withTlsLock(folder, () => readOrCreateCa(join(folder, "ca"), now));
}
