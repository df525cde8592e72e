import "reflect-metadata";
import { type X509Certificate as NodeCertificate, randomBytes, type webcrypto } from "node:crypto";
import { X509Certificate, X509CertificateGenerator } from "@peculiar/x509";
import { caExtensions, serverExtensions } from "./extensions.ts";
import { SIGNING_ALGORITHM } from "./key-pair.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const CA_DAYS = 3_650;
/** Apple's systems refuse server certificates of more than 825 days; a shorter life is renewed in passing anyway. */
const SERVER_DAYS = 397;

/** Who signs a server certificate. */
export type Issuer = {
  readonly certificate: NodeCertificate;
  readonly pem: string;
  readonly keys: webcrypto.CryptoKeyPair;
};

/** Begins an hour ago, so that a clock running behind does not refuse the certificate. */
function beginning(now: Date): Date {
  return new Date(now.getTime() - HOUR);
}

/** A self-signed CA certificate of ten years for this key pair, as PEM. */
export async function signCaCertificate(keys: webcrypto.CryptoKeyPair, now: Date): Promise<string> {
  const certificate = await X509CertificateGenerator.createSelfSigned({
    // The random part keeps the CAs of two checkouts apart in a browser's list.
    name: `CN=Passbridge local CA ${randomBytes(3).toString("hex")}, O=Passbridge (this machine only)`,
    keys,
    signingAlgorithm: SIGNING_ALGORITHM,
    extensions: await caExtensions(keys.publicKey),
    notBefore: beginning(now),
    notAfter: new Date(now.getTime() + CA_DAYS * DAY),
  });
  return `${certificate.toString("pem")}\n`;
}

/** A server certificate for these hosts, followed by its issuer's, as PEM. It ends no later than the issuer's. */
export async function signServerCertificate(
  issuer: Issuer,
  publicKey: webcrypto.CryptoKey,
  hosts: readonly string[],
  now: Date,
): Promise<string> {
  const end = Math.min(now.getTime() + SERVER_DAYS * DAY, issuer.certificate.validToDate.getTime());
  const certificate = await X509CertificateGenerator.create({
    subject: `CN=${hosts[0]}`,
    issuer: new X509Certificate(issuer.pem).subjectName,
    publicKey,
    signingKey: issuer.keys.privateKey,
    signingAlgorithm: SIGNING_ALGORITHM,
    extensions: await serverExtensions(hosts, publicKey, issuer.keys.publicKey),
    notBefore: beginning(now),
    notAfter: new Date(end),
  });
  return `${certificate.toString("pem")}\n${issuer.pem}`;
}
