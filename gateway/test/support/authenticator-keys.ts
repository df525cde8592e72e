import { createHash, generateKeyPairSync, type JsonWebKey, type KeyObject, sign } from "node:crypto";
import { isoCBOR } from "@simplewebauthn/server/helpers";

export type CborData = Parameters<typeof isoCBOR.encode>[0];

export const encodeCbor = (value: CborData): Buffer => Buffer.from(isoCBOR.encode(value));
export const sha256 = (data: string | Uint8Array): Buffer => createHash("sha256").update(data).digest();

/** A key an authenticator may hold: those the gateway accepts and some it must not. */
export type KeyKind =
  | "es256"
  | "eddsa"
  | "rs256"
  | "rs256-1024"
  | "rs256-e3"
  | "es384"
  | "es256-off-curve"
  | "es256-p384";

export type AuthenticatorKey = {
  readonly cose: Buffer;
  readonly algorithm: number;
  readonly sign: (data: Uint8Array) => Buffer;
};

const member = (jwk: JsonWebKey, name: "x" | "y" | "n" | "e") => Buffer.from(jwk[name] ?? "", "base64url");

function elliptic(algorithm: number, namedCurve: "P-256" | "P-384", coseCurve: number, hash: string): AuthenticatorKey {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve });
  const jwk = publicKey.export({ format: "jwk" });
  const entries: [number, CborData][] = [
    [1, 2],
    [3, algorithm],
    [-1, coseCurve],
    [-2, member(jwk, "x")],
    [-3, member(jwk, "y")],
  ];
  return {
    algorithm,
    cose: encodeCbor(new Map<string | number, CborData>(entries)),
    sign: (data) => sign(hash, data, privateKey),
  };
}

/** A point whose y is off by one bit: on no curve. */
function offCurve(): AuthenticatorKey {
  const key = elliptic(-7, "P-256", 1, "sha256");
  const cose = Buffer.from(key.cose);
  cose[cose.length - 1] = (cose[cose.length - 1] ?? 0) ^ 1;
  return { ...key, cose };
}

function edwards(): AuthenticatorKey {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const jwk = publicKey.export({ format: "jwk" });
  const entries: [number, CborData][] = [
    [1, 1],
    [3, -8],
    [-1, 6],
    [-2, member(jwk, "x")],
  ];
  return {
    algorithm: -8,
    cose: encodeCbor(new Map<string | number, CborData>(entries)),
    sign: (data) => sign(null, data, privateKey),
  };
}

function rsa(modulusLength: number, publicExponent: number): AuthenticatorKey {
  const { privateKey, publicKey }: { privateKey: KeyObject; publicKey: KeyObject } = generateKeyPairSync("rsa", {
    modulusLength,
    publicExponent,
  });
  const jwk = publicKey.export({ format: "jwk" });
  const entries: [number, CborData][] = [
    [1, 3],
    [3, -257],
    [-1, member(jwk, "n")],
    [-2, member(jwk, "e")],
  ];
  return {
    algorithm: -257,
    cose: encodeCbor(new Map<string | number, CborData>(entries)),
    sign: (data) => sign("sha256", data, privateKey),
  };
}

const KEYS: Readonly<Record<KeyKind, () => AuthenticatorKey>> = {
  es256: () => elliptic(-7, "P-256", 1, "sha256"),
  eddsa: edwards,
  rs256: () => rsa(2048, 65_537),
  "rs256-1024": () => rsa(1024, 65_537),
  "rs256-e3": () => rsa(2048, 3),
  es384: () => elliptic(-35, "P-384", 2, "sha384"),
  "es256-off-curve": offCurve,
  "es256-p384": () => elliptic(-7, "P-384", 2, "sha256"),
};

/** A fresh key pair of a kind. */
export const createKey = (kind: KeyKind): AuthenticatorKey => KEYS[kind]();
