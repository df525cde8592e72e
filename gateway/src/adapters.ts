import type { Knex } from "knex";
import type { Logger } from "pino";
import type { Clock } from "./clock.ts";
import type { Config } from "./config.ts";
import type { CachedWhoami } from "./kratos/cached-whoami.ts";
import type { KratosClient } from "./kratos/kratos-client.ts";
import type { SendNotice } from "./mail/notice.ts";
import type { AuditLog } from "./operations/audit-log.ts";
import type { AuthenticatorMetadata } from "./passkeys/authenticator-metadata.ts";
import type { LivePolicy } from "./passkeys/live-policy.ts";
import type { PasskeySummary } from "./passkeys/passkey-summary.ts";
import type { CurrentPolicy } from "./policy/passkey-policy.ts";
import type { Redis } from "./redis.ts";
import type { StoredSessions } from "./sessions/passkey-session-store.ts";
import type { SessionNewsBoard } from "./sessions/session-news.ts";

/** What the gateway is built on: the settings, the time, the log, and the parts outside the process. */
export type Adapters = {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  readonly audit: AuditLog;
  readonly redis: Redis;
  readonly database: Knex;
  readonly kratos: KratosClient;
  readonly policy: CurrentPolicy;
  /** Kept close: asked for the session object and, where a passkey is required, for every request. */
  readonly passkeySummary: PasskeySummary;
  readonly changePolicy: LivePolicy["change"];
  readonly metadata: AuthenticatorMetadata;
  readonly notices: SendNotice;
  readonly whoami: CachedWhoami;
  /** Of the gateway's own sessions; kept close. */
  readonly storedSessions: StoredSessions;
  /** Of sessions, from every replica. */
  readonly news: SessionNewsBoard;
};
