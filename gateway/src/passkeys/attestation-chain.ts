import { X509Certificate } from "node:crypto";

/** No maker's chain comes near it; a longer one is only work for the verifier. */
const MAX_CHAIN = 8;

const isInTime = (certificate: X509Certificate, now: Date) =>
  certificate.validFromDate <= now && now <= certificate.validToDate;

/** checkIssued looks at names, key identifiers and the key's usage, verify at the signature. */
const isSignedBy = (certificate: X509Certificate, issuer: X509Certificate) =>
  certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);

/**
 * A root may also be the very certificate that was sent (FIDO Metadata Statement 3, attestationRootCertificates), and
 * being trusted it need not call itself a CA (RFC 5280, 6.1.1 d): some makers' roots do not.
 */
function endsAt(last: X509Certificate, roots: readonly X509Certificate[], now: Date): boolean {
  return roots.some(
    (root) => root.fingerprint256 === last.fingerprint256 || (isInTime(root, now) && isSignedBy(last, root)),
  );
}

/**
 * Whether attestation certificates lead to a root (WebAuthn L3, 7.1 step 24): each one issued by the next, all of them
 * in time, the last one a root or issued by one. Nothing is fetched, whatever addresses the certificates name.
 * @param certificates DER, the authenticator's own first.
 */
export function chainReachesRoot(
  certificates: readonly Uint8Array[],
  roots: readonly X509Certificate[],
  now: Date,
): boolean {
  if (certificates.length === 0 || certificates.length > MAX_CHAIN || roots.length === 0) return false;
  try {
    const chain = certificates.map((der) => new X509Certificate(der));
    const linked = chain.every((certificate, at) => {
      const issuer = chain[at + 1];
      return isInTime(certificate, now) && (issuer === undefined || (issuer.ca && isSignedBy(certificate, issuer)));
    });
    const last = chain.at(-1);
    return linked && last !== undefined && endsAt(last, roots, now);
  } catch {
    return false;
  }
}
