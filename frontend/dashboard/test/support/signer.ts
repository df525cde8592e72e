import { randomUUID } from "node:crypto";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";

export const ISSUER = "http://localhost:8080";
export const PERSON = "6d3c3f0e-6b7e-4f0c-9a57-0d1d2b0a3f11";

export type Signer = {
  readonly jwks: { readonly keys: JWK[] };
  /** Signs a token as the gateway does; the given claims replace its own, undefined leaves one out. */
  readonly sign: (claims?: Record<string, unknown>) => Promise<string>;
};

const seconds = () => Math.floor(Date.now() / 1000);

/** A gateway's signing key, made on the spot, with its public key set. */
export async function createSigner(): Promise<Signer> {
  const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  return {
    jwks: { keys: [{ ...jwk, kid, alg: "ES256", use: "sig" }] },
    sign(claims = {}) {
      const payload = {
        iss: ISSUER,
        aud: ISSUER,
        sub: PERSON,
        sid: "s1",
        email: "ada@example.com",
        email_verified: true,
        amr: ["swk", "user", "mfa"],
        acr: "aal2",
        auth_time: seconds() - 60,
        iat: seconds(),
        nbf: seconds(),
        exp: seconds() + 300,
        jti: randomUUID(),
        ...claims,
      };
      return new SignJWT(payload).setProtectedHeader({ alg: "ES256", kid, typ: "JWT" }).sign(privateKey);
    },
  };
}

/** The identity headers the gateway sends with a token. */
export function identityHeaders(token: string): Record<string, string> {
  return {
    "Remote-User": PERSON,
    "Remote-Email": "ada@example.com",
    "Remote-Name": Buffer.from("Ada Lövelace", "utf8").toString("latin1"),
    "Remote-Groups": "admin,editor",
    "X-Auth-Method": "passkey",
    "X-Auth-Aal": "aal2",
    "X-Identity-Token": token,
  };
}
