import "reflect-metadata";
import { randomBytes, webcrypto } from "node:crypto";
import {
  BasicConstraintsExtension,
  CRLDistributionPointsExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";

export const ES256 = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const DAY = 86_400_000;

/** id-fido-gen-ce-aaguid (WebAuthn L3, 8.2.1). */
const AAGUID_EXTENSION = "1.3.6.1.4.1.45724.1.1.4";

export type Issue = {
  readonly subject: string;
  /** Days from now; the past for one that has run out. */
  readonly days?: number;
  readonly ca?: boolean;
  /** Whether its key may sign certificates; as `ca` unless said otherwise. */
  readonly certifies?: boolean;
  readonly aaguid?: string;
  readonly hosts?: readonly string[];
  /** Where a revocation list would be. */
  readonly revocations?: string;
};

export type Issued = { readonly der: Buffer; readonly keys: webcrypto.CryptoKeyPair };

/** Someone who signs certificates: a root, or an intermediate below one. */
export type Authority = {
  readonly pem: string;
  readonly der: Buffer;
  readonly issue: (issue: Issue) => Promise<Issued>;
  /** A CA below this one. */
  readonly intermediate: (subject: string, more?: Partial<Issue>) => Promise<Authority>;
};

const newKeys = () => webcrypto.subtle.generateKey(ES256, true, ["sign", "verify"]);

async function extensionsOf(issue: Issue, publicKey: webcrypto.CryptoKey): Promise<Extension[]> {
  const { ca = false, certifies = ca, aaguid, hosts, revocations } = issue;
  const aaguidBytes = aaguid && Buffer.from(aaguid.replaceAll("-", ""), "hex");
  return [
    new BasicConstraintsExtension(ca, undefined, true),
    new KeyUsagesExtension(certifies ? KeyUsageFlags.keyCertSign : KeyUsageFlags.digitalSignature, true),
    await SubjectKeyIdentifierExtension.create(publicKey),
    ...(aaguidBytes
      ? [new Extension(AAGUID_EXTENSION, false, Buffer.concat([Buffer.from([4, 16]), aaguidBytes]))]
      : []),
    ...(hosts ? [new SubjectAlternativeNameExtension(hosts.map((value) => ({ type: "dns" as const, value })))] : []),
    ...(revocations ? [new CRLDistributionPointsExtension([revocations])] : []),
  ];
}

async function sign(issue: Issue, keys: webcrypto.CryptoKeyPair, signer?: { name: string; key: webcrypto.CryptoKey }) {
  const end = Date.now() + (issue.days ?? 30) * DAY;
  return X509CertificateGenerator.create({
    serialNumber: randomBytes(8).toString("hex"),
    subject: issue.subject,
    issuer: signer?.name ?? issue.subject,
    publicKey: keys.publicKey,
    signingKey: signer?.key ?? keys.privateKey,
    signingAlgorithm: ES256,
    extensions: await extensionsOf(issue, keys.publicKey),
    notBefore: new Date(Math.min(Date.now(), end) - DAY),
    notAfter: new Date(end),
  });
}

function authorityOf(certificate: X509Certificate, keys: webcrypto.CryptoKeyPair): Authority {
  const signer = { name: certificate.subject, key: keys.privateKey };
  const make = async (issue: Issue) => {
    const own = await newKeys();
    return { certificate: await sign(issue, own, signer), keys: own };
  };
  return {
    pem: certificate.toString("pem"),
    der: Buffer.from(certificate.rawData),
    issue: async (issue) => {
      const made = await make(issue);
      return { der: Buffer.from(made.certificate.rawData), keys: made.keys };
    },
    intermediate: async (subject, more = {}) => {
      const made = await make({ ca: true, ...more, subject });
      return authorityOf(made.certificate, made.keys);
    },
  };
}

/** A root of its own. */
export async function createAuthority(subject: string, more: Partial<Issue> = {}): Promise<Authority> {
  const keys = await newKeys();
  return authorityOf(await sign({ ca: true, ...more, subject }, keys), keys);
}
