import { createPublicKey } from "node:crypto";
import { decodeCredentialPublicKey } from "@simplewebauthn/server/helpers";

const KTY = 1;
const ALG = 3;
const CRV = -1;
const MIN_RSA_BITS = 2048;
const MAX_RSA_BITS = 8192;
const MIN_RSA_EXPONENT = 65_537n;

type CoseKey = ReadonlyMap<number, unknown>;

function bytesOf(key: CoseKey, label: number, length?: number): string {
  const value = key.get(label);
  if (!(value instanceof Uint8Array)) throw new Error(`COSE key lacks ${label}`);
  if (length !== undefined && value.length !== length) throw new Error(`COSE key member ${label} has a wrong length`);
  return Buffer.from(value).toString("base64url");
}

function requireMember(key: CoseKey, label: number, value: number): void {
  if (key.get(label) !== value) throw new Error(`COSE key member ${label} does not fit its algorithm`);
}

/** createPublicKey refuses a point that is not on the curve. */
function requireP256(key: CoseKey): void {
  requireMember(key, KTY, 2);
  requireMember(key, CRV, 1);
  createPublicKey({
    format: "jwk",
    key: { kty: "EC", crv: "P-256", x: bytesOf(key, -2, 32), y: bytesOf(key, -3, 32) },
  });
}

function requireEd25519(key: CoseKey): void {
  requireMember(key, KTY, 1);
  requireMember(key, CRV, 6);
  createPublicKey({ format: "jwk", key: { kty: "OKP", crv: "Ed25519", x: bytesOf(key, -2, 32) } });
}

function requireStrongRsa(key: CoseKey): void {
  requireMember(key, KTY, 3);
  const rsa = createPublicKey({ format: "jwk", key: { kty: "RSA", n: bytesOf(key, -1), e: bytesOf(key, -2) } });
  const { modulusLength = 0, publicExponent = 0n } = rsa.asymmetricKeyDetails ?? {};
  if (modulusLength < MIN_RSA_BITS || modulusLength > MAX_RSA_BITS || publicExponent < MIN_RSA_EXPONENT) {
    throw new Error(`RSA key of ${modulusLength} bits, exponent ${publicExponent}, is not accepted`);
  }
}

const KEY_RULES: ReadonlyMap<unknown, (key: CoseKey) => void> = new Map([
  [-7, requireP256],
  [-8, requireEd25519],
  [-257, requireStrongRsa],
]);

/**
 * Checks that a COSE key is what its algorithm says (RFC 9053, RFC 8230, WebAuthn L3 5.8.5), which nothing else does
 * where there is no attestation: the curve, the point on it, RSA of 2048 bits or more.
 * @param publicKey the CBOR bytes.
 * @returns the COSE algorithm.
 * @throws Error when the key is not acceptable.
 */
export function checkedAlgorithm(publicKey: Uint8Array): number {
  const decoded: unknown = decodeCredentialPublicKey(new Uint8Array(publicKey));
  if (!(decoded instanceof Map)) throw new Error("The COSE key is not a map");
  const key: CoseKey = decoded;
  const algorithm = key.get(ALG);
  const rule = KEY_RULES.get(algorithm);
  if (typeof algorithm !== "number" || !rule) throw new Error(`The algorithm ${String(algorithm)} is not accepted`);
  rule(key);
  return algorithm;
}
