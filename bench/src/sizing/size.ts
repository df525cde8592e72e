/** What the bench measured, on one core each where it is a rate. */
export type Measured = {
  readonly redis_bytes_per_session: number;
  readonly redis_bytes_per_challenge: number;
  readonly gateway_bytes_per_person: number;
  readonly kratos_bytes_per_person: number;
  readonly kratos_calls_per_password_user_per_minute: number;
  readonly kratos_calls_per_passkey_user_per_minute: number;
};

/** Done a second, by one process. */
export type Rates = { readonly proxied: number; readonly whoami: number };

/** What people do: to be replaced by what is known of one's own. */
export type Assumed = {
  /** Of the identities, at the same time, at the peak. */
  readonly active_share: number;
  /** Of the identities, with a session that has not ended. */
  readonly session_share: number;
  /** Of those with a session, with one by passkey. */
  readonly passkey_share: number;
  readonly requests_per_active_person_per_minute: number;
  readonly sign_ins_per_identity_per_day: number;
  /** The busiest minute of a day in terms of its average. */
  readonly peak_factor: number;
  /** Of a process' time, at the peak. */
  readonly utilisation: number;
};

export type Size = {
  readonly identities: number;
  readonly requests: number;
  readonly gateways: number;
  readonly redisBytes: number;
  readonly gatewayBytes: number;
  readonly kratosBytes: number;
  /** A second, each replica's cache by itself. */
  readonly kratosCalls: number;
  /** The same where a person's requests all come to one replica. */
  readonly kratosCallsSticky: number;
  readonly kratosProcesses: number;
};

const MINUTE = 60;
const DAY = 86_400;
/** CHALLENGE_TTL. */
const CHALLENGE_SECONDS = 300;
/** One may fail while another one is replaced. */
const SPARE = 2;

const minimum = (needed: number) => Math.ceil(needed) + SPARE;

/** What so many identities need. */
export function sizeOf(identities: number, measured: Measured, assumed: Assumed, rates: Rates): Size {
  const active = identities * assumed.active_share;
  const perMinute = assumed.requests_per_active_person_per_minute;
  const requests = (active * perMinute) / MINUTE;
  const gateways = minimum(requests / (rates.proxied * assumed.utilisation));
  const byPasskey = active * assumed.passkey_share;
  // More replicas than requests within a cache's time never find anything in their caches.
  const callsBy = (replicas: number) => {
    const password = Math.min(perMinute, measured.kratos_calls_per_password_user_per_minute * replicas);
    const passkey = Math.min(perMinute, measured.kratos_calls_per_passkey_user_per_minute * replicas);
    return ((active - byPasskey) * password + byPasskey * passkey) / MINUTE;
  };
  const challenges =
    ((identities * assumed.sign_ins_per_identity_per_day) / DAY) * assumed.peak_factor * CHALLENGE_SECONDS;
  const sessions = identities * assumed.session_share * assumed.passkey_share;
  return {
    identities,
    requests,
    gateways,
    redisBytes: sessions * measured.redis_bytes_per_session + challenges * measured.redis_bytes_per_challenge,
    gatewayBytes: identities * measured.gateway_bytes_per_person,
    kratosBytes: identities * measured.kratos_bytes_per_person,
    kratosCalls: callsBy(gateways),
    kratosCallsSticky: callsBy(1),
    kratosProcesses: minimum(callsBy(gateways) / (rates.whoami * assumed.utilisation)),
  };
}
