import "reflect-metadata";
import type { webcrypto } from "node:crypto";
import { isIP } from "node:net";
import { AsnConvert } from "@peculiar/asn1-schema";
import {
  GeneralName,
  GeneralSubtree,
  GeneralSubtrees,
  id_ce_nameConstraints,
  NameConstraints,
} from "@peculiar/asn1-x509";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
} from "@peculiar/x509";

/** Names the local CA may vouch for. `.test` is reserved for tests (RFC 6761, section 6.2). */
export const PERMITTED_NAMES = ["localhost", "test"];
const PERMITTED_ADDRESSES = ["127.0.0.0/8", "::1/128"];

function nameConstraints(): Extension {
  const names = PERMITTED_NAMES.map((dNSName) => new GeneralName({ dNSName }));
  const addresses = PERMITTED_ADDRESSES.map((iPAddress) => new GeneralName({ iPAddress }));
  const subtrees = [...names, ...addresses].map((base) => new GeneralSubtree({ base }));
  const constraints = new NameConstraints({ permittedSubtrees: new GeneralSubtrees(subtrees) });
  return new Extension(id_ce_nameConstraints, true, AsnConvert.serialize(constraints));
}

/**
 * The extensions of the CA certificate. The name constraints (RFC 5280, section 4.2.1.10) limit what a stolen
 * CA key is good for to names of this machine alone.
 */
export async function caExtensions(publicKey: webcrypto.CryptoKey): Promise<Extension[]> {
  return [
    new BasicConstraintsExtension(true, 0, true),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    await SubjectKeyIdentifierExtension.create(publicKey),
    nameConstraints(),
  ];
}

/** The extensions of a server certificate for these host names and IP addresses (RFC 5280, section 4.2.1.6). */
export async function serverExtensions(
  hosts: readonly string[],
  publicKey: webcrypto.CryptoKey,
  caKey: webcrypto.CryptoKey,
): Promise<Extension[]> {
  const names = hosts.map((value) => ({ type: isIP(value) ? ("ip" as const) : ("dns" as const), value }));
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    new SubjectAlternativeNameExtension(names),
    await SubjectKeyIdentifierExtension.create(publicKey),
    await AuthorityKeyIdentifierExtension.create(caKey),
  ];
}
