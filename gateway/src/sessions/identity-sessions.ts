import type { KratosClient } from "../kratos/kratos-client.ts";
import type { LiveSession } from "./live-session.ts";
import { publicSessionId } from "./passkey-session.ts";
import type { PasskeySessionIndex } from "./passkey-session-index.ts";
import type { SourceSession, UnifiedSession } from "./session.ts";
import type { SessionEndings } from "./session-endings.ts";
import type { SessionChanges } from "./session-news.ts";

/** Ends the sessions of an identity in whatever browser they are. Every call throws OutageError. */
export type IdentitySessions = {
  /** Those of the gateway's own but the kept one, by its session id; how many there were. */
  readonly endPasskeySessionsOf: (identityId: string, keptSessionId?: string | null) => Promise<number>;
  /** Every session of an identity, of both kinds; one Kratos session may be kept. How many there were. */
  readonly endAllOf: (identityId: string, keptKratosSessionId?: string) => Promise<number>;
  /**
   * Ends every session but the given one's, of both kinds; how many there were. What can be ended is ended even when
   * the other part is away, and then it throws.
   * @param keptSessionId of the passkey session that is kept.
   */
  readonly endOthersOf: (session: UnifiedSession, keptSessionId: string | null) => Promise<number>;
  /** Ends one session by the id clients see, if it is the identity's and live; of which kind it was, or null. */
  readonly endOneOf: (identityId: string, id: string) => Promise<SourceSession["kind"] | null>;
};

export type IdentitySessionsDeps = {
  readonly index: PasskeySessionIndex;
  readonly kratos: Pick<KratosClient, "endSession" | "endOtherSessionsOf" | "sessionsOf">;
  readonly endings: SessionEndings;
  readonly changes: SessionChanges;
};

/** Kratos' ids are UUIDs, and those of the gateway's own sessions never are. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What can be done is done; then the first that could not be asked is thrown. */
async function sumOf(counts: readonly Promise<number>[]): Promise<number> {
  const results = await Promise.allSettled(counts);
  return results.reduce((sum, result) => {
    if (result.status === "rejected") throw result.reason;
    return sum + result.value;
  }, 0);
}

export function createIdentitySessions(deps: IdentitySessionsDeps): IdentitySessions {
  const { index, kratos, endings, changes } = deps;
  /** Where an answer is lost some may have ended, of which the next try says nothing: whoever it concerns looks. */
  const orLook = <T>(identityId: string, ended: Promise<T>): Promise<T> =>
    ended.catch((error: unknown) => {
      changes.announce({ identityId });
      throw error;
    });
  const endPasskeySessionsOf = async (identityId: string, kept: string | null = null) => {
    const ended = await orLook(identityId, index.endAll(identityId, kept));
    for (const id of ended) endings.announce({ sessionId: publicSessionId(id) });
    return ended.length;
  };
  const endKratosSessionsOf = async (identityId: string, kept: string | null) => {
    const ended = await orLook(identityId, kratos.endOtherSessionsOf(identityId, kept));
    for (const sessionId of ended) endings.announce({ sessionId });
    return ended.length;
  };
  /** Kratos ends any session it is told of: whose it is has to be known before. */
  const endKratosSessionOf = async (identityId: string, id: string) => {
    const owned: readonly LiveSession[] = await kratos.sessionsOf(identityId);
    if (!owned.some((session) => session.id === id)) return false;
    await kratos.endSession(id);
    return true;
  };

  return {
    endPasskeySessionsOf,
    endAllOf: async (identityId, kept) => {
      const count = await sumOf([endPasskeySessionsOf(identityId), endKratosSessionsOf(identityId, kept ?? null)]);
      endings.announce({ identityId, kept: kept ? [kept] : [] });
      return count;
    },
    endOthersOf: ({ identity, password }, kept) =>
      sumOf([endPasskeySessionsOf(identity.id, kept), endKratosSessionsOf(identity.id, password?.id ?? null)]),
    endOneOf: async (identityId, id) => {
      const kind = UUID.test(id) ? "password" : "passkey";
      const end = kind === "password" ? endKratosSessionOf(identityId, id) : index.endOne(identityId, id);
      const ended = await orLook(identityId, end);
      if (!ended) return null;
      endings.announce({ sessionId: id });
      return kind;
    },
  };
}
