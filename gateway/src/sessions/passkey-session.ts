import { createHash } from "node:crypto";
import { z } from "zod";
import type { LiveSession } from "./live-session.ts";
import type { Identity, SourceSession } from "./session.ts";

const identity = z.object({
  id: z.string(),
  email: z.string(),
  emailVerified: z.boolean(),
  name: z.string().nullable(),
  roles: z.array(z.string()),
  traits: z.record(z.string(), z.unknown()),
});

const shared = {
  /** The public id of the session it was written for; records of earlier releases do not say. */
  id: z.string().optional(),
  /** As it was at sign-in: used while Kratos cannot be asked. */
  identity,
  authenticatedAt: z.number(),
  /** Where it was signed in; records of earlier releases do not say. */
  place: z
    .object({ userAgent: z.string().nullable(), ip: z.string().nullable() })
    .default({ userAgent: null, ip: null }),
};

const byRecoveryCode = z.object({ ...shared, method: z.literal("recovery_code") });

const byPasskey = z.object({
  ...shared,
  /** Records of earlier releases, when there was nothing else, do not name it. */
  method: z.literal("passkey").default("passkey"),
  credentialId: z.string(),
  userVerified: z.boolean(),
  synced: z.boolean(),
});

/** What the gateway keeps of a sign-in of its own; times in milliseconds since the epoch. */
export const passkeySessionRecord = z.union([byRecoveryCode, byPasskey]);

export type PasskeySessionRecord = z.infer<typeof passkeySessionRecord>;

declare module "express-session" {
  interface SessionData {
    passkey: PasskeySessionRecord;
  }
}

/** The key prefix of sessions in Redis. */
export const SESSION_PREFIX = "passbridge:session:";

/** The id clients see: never the session id itself, which is what the cookie proves. */
export function publicSessionId(sessionId: string): string {
  return createHash("sha256").update(sessionId).digest("base64url").slice(0, 22);
}

/** When a session ends that is used at `now`: the idle timeout, but never past the absolute one. Milliseconds. */
export function sessionEnd(authenticatedAt: number, now: number, limits: { idleTimeout: number; maxAge: number }) {
  return Math.min(now + limits.idleTimeout, authenticatedAt + limits.maxAge);
}

/** What a sign-in proves (AAL: NIST SP 800-63B; AMR: RFC 8176). */
function proofOf(record: PasskeySessionRecord): Pick<SourceSession, "methods" | "aal" | "amr"> {
  if (record.method === "recovery_code") return { methods: ["recovery_code"], aal: "aal1", amr: ["otp"] };
  return {
    methods: ["passkey"],
    aal: record.userVerified ? "aal2" : "aal1",
    amr: [record.synced ? "swk" : "hwk", ...(record.userVerified ? ["user", "mfa"] : [])],
  };
}

/** A live session of a record, as its owner sees it in a list. */
export function toLiveSession(sessionId: string, record: PasskeySessionRecord, expiresAt: number): LiveSession {
  const { kind, id, methods, aal, ...session } = toSourceSession(sessionId, record, expiresAt);
  return {
    kind,
    id,
    authMethod: methods.at(-1) ?? "passkey",
    aal,
    place: record.place,
    createdAt: session.authenticatedAt,
    expiresAt: session.expiresAt,
  };
}

/** The session of a record, as the resolver takes it. */
export function toSourceSession(
  sessionId: string,
  record: PasskeySessionRecord,
  expiresAt: number,
  current: Identity = record.identity,
): SourceSession {
  return {
    kind: "passkey",
    id: publicSessionId(sessionId),
    ...proofOf(record),
    authenticatedAt: new Date(record.authenticatedAt),
    expiresAt: new Date(expiresAt),
    identity: current,
  };
}
