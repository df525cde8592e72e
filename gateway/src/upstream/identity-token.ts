import { randomUUID } from "node:crypto";
import { type CryptoKey, type JWK, SignJWT } from "jose";
import { LRUCache } from "lru-cache";
import type { Clock } from "../clock.ts";
import type { UnifiedSession } from "../sessions/session.ts";
import type { Soon } from "../soon.ts";

export const IDENTITY_TOKEN_ALGORITHM = "ES256";

const LIFETIME_SECONDS = 5 * 60;
const MAX_CACHED = 10_000;

/** The keys at one moment: one signs, all are published. */
export type IdentityTokenKeys = {
  readonly signing: { readonly kid: string; readonly privateKey: CryptoKey };
  readonly jwks: { readonly keys: readonly JWK[] };
};

export type IdentityTokens = {
  /**
   * The token that tells an upstream who a request is from (HTTP contract, identity headers).
   * @param audience of the route rule; PUBLIC_URL where it names none.
   */
  readonly tokenFor: (session: UnifiedSession, audience?: string) => Soon<string>;
};

export type IdentityTokensDeps = {
  readonly publicUrl: URL;
  /** Asked for every token: keys are rotated. */
  readonly keys: () => IdentityTokenKeys;
  readonly clock: Clock;
};

type CachedToken = { token: Soon<string>; renewAt: number };

/** The last token of a session that is kept in memory, and what it was made for. */
type LastToken = { readonly cached: CachedToken; readonly audience: string; readonly kid: string };

/** One that could not be signed is not kept. */
function keepSigned(signed: Promise<string>, renewAt: number): CachedToken {
  const cached: CachedToken = { token: signed, renewAt };
  signed.then(
    (text) => {
      cached.token = text;
    },
    () => {
      cached.renewAt = 0;
    },
  );
  return cached;
}

const seconds = (date: Date) => Math.floor(date.getTime() / 1000);

/** The session of the newest sign-in: both kinds may be live. */
function sessionIdOf({ passkey, password }: UnifiedSession): string | undefined {
  if (!passkey || !password) return passkey?.id ?? password?.id;
  return password.authenticatedAt > passkey.authenticatedAt ? password.id : passkey.id;
}

/** Everything a token says that is not about its own times. */
function claimsOf(session: UnifiedSession, issuer: string, audience: string) {
  return {
    iss: issuer,
    aud: audience,
    sub: session.identity.id,
    sid: sessionIdOf(session),
    email: session.identity.email,
    email_verified: session.identity.emailVerified,
    amr: session.amr,
    acr: session.aal,
    auth_time: seconds(session.authenticatedAt),
  };
}

/**
 * Signs identity tokens (JWT, RFC 7519; ES256, RFC 7518) that live for five minutes, or until the session's end where
 * that is sooner. A token is used again for the same claims until the last tenth of its life.
 */
export function createIdentityTokens({ publicUrl, keys, clock }: IdentityTokensDeps): IdentityTokens {
  const cache = new LRUCache<string, CachedToken>({ max: MAX_CACHED });
  const last = new WeakMap<UnifiedSession, LastToken>();
  const issuer = publicUrl.origin;

  const sign = (
    claims: ReturnType<typeof claimsOf>,
    { kid, privateKey }: IdentityTokenKeys["signing"],
    issuedAt: number,
    expiresAt: number,
  ) =>
    new SignJWT({ ...claims, amr: [...claims.amr], iat: issuedAt, nbf: issuedAt, exp: expiresAt, jti: randomUUID() })
      .setProtectedHeader({ alg: IDENTITY_TOKEN_ALGORITHM, kid, typ: "JWT" })
      .sign(privateKey);

  const cachedToken = (session: UnifiedSession, audience: string, now: number): CachedToken => {
    const claims = claimsOf(session, issuer, audience);
    const { signing } = keys();
    const key = `${signing.kid} ${JSON.stringify(claims)}`;
    const cached = cache.get(key);
    if (cached && now < cached.renewAt) return cached;
    const expiresAt = Math.min(now + LIFETIME_SECONDS, seconds(session.expiresAt));
    const made = keepSigned(sign(claims, signing, now, expiresAt), now + Math.floor((expiresAt - now) * 0.9));
    cache.set(key, made);
    return made;
  };

  return {
    tokenFor: (session, audience = issuer) => {
      const now = seconds(clock());
      const { kid } = keys().signing;
      const known = last.get(session);
      const fits = known?.audience === audience && known.kid === kid;
      if (fits && now < known.cached.renewAt) return known.cached.token;
      const cached = cachedToken(session, audience, now);
      last.set(session, { cached, audience, kid });
      return cached.token;
    },
  };
}
