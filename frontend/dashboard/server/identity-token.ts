import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from "jose";

/** Why an identity token is not believed. */
export type TokenFault =
  | "malformed"
  | "expired"
  | "wrong_claim"
  | "wrong_signature"
  | "unknown_key"
  | "keys_unreachable"
  | "other_person";

export type TokenCheck =
  | { readonly kind: "verified"; readonly claims: JWTPayload; readonly keyId: string | null }
  | { readonly kind: "missing" }
  | { readonly kind: "refused"; readonly fault: TokenFault; readonly claim: string | null };

export type TokenCheckDeps = {
  readonly issuer: string;
  readonly audience: string;
  readonly keys: JWTVerifyGetKey;
};

const REQUIRED_CLAIMS = ["sub", "sid", "email", "acr", "auth_time", "iat", "nbf", "exp", "jti"];
const CLOCK_TOLERANCE_SECONDS = 5;

const refused = (fault: TokenFault, claim: string | null = null): TokenCheck => ({ kind: "refused", fault, claim });

function faultOf(error: unknown): TokenCheck {
  if (error instanceof errors.JWTExpired) return refused("expired");
  if (error instanceof errors.JWTClaimValidationFailed) return refused("wrong_claim", error.claim);
  if (error instanceof errors.JWSSignatureVerificationFailed) return refused("wrong_signature");
  if (error instanceof errors.JWKSNoMatchingKey) return refused("unknown_key");
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return refused("keys_unreachable");
  if (error instanceof errors.JWTInvalid || error instanceof errors.JWSInvalid) return refused("malformed");
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported)
    return refused("malformed");
  return refused("keys_unreachable");
}

/**
 * Makes the check of the gateway's identity token: an ES256 JWT (RFC 7519) of this issuer, for this audience, under one
 * of the published keys, about the same person as the Remote-User header. Never rejects: what went wrong is the answer.
 */
export function createTokenCheck({ issuer, audience, keys }: TokenCheckDeps) {
  return async (token: string | undefined, remoteUser: string | undefined): Promise<TokenCheck> => {
    if (!token) return { kind: "missing" };
    try {
      const { payload, protectedHeader } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms: ["ES256"],
        requiredClaims: REQUIRED_CLAIMS,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
      });
      if (remoteUser !== undefined && payload.sub !== remoteUser) return refused("other_person", "sub");
      return { kind: "verified", claims: payload, keyId: protectedHeader.kid ?? null };
    } catch (error) {
      return faultOf(error);
    }
  };
}
