import { z } from "zod";
import { LISTED_AT_MOST, type LiveSession } from "../sessions/live-session.ts";
import type { KratosClient } from "./kratos-client.ts";
import { parseLiveKratosSession } from "./kratos-shapes.ts";
import type { OryApis } from "./ory-accounts.ts";
import { ask } from "./ory-call.ts";

type Apis = Pick<OryApis, "identities" | "deadline">;

/** Of the answer's headers, which @ory/client hands on as its HTTP client has them. */
const linkHeader = z.object({ link: z.string() });

/** The token of the next page, which Kratos names in a Link header (RFC 8288). */
function nextPage(headers: unknown): string | null {
  const { data } = linkHeader.safeParse(headers);
  const next = data?.link.split(",").find((link) => /;\s*rel="?next"?/.test(link));
  const target = next && /<([^>]*)>/.exec(next)?.[1];
  return target ? new URL(target, "http://kratos").searchParams.get("page_token") : null;
}

/** Newest first. A page that brings nothing new is the last: Kratos 1.3 counts pages from 0 and from 1. */
async function listSessions({ identities, deadline }: Apis, id: string): Promise<LiveSession[]> {
  const found = new Map<string, LiveSession>();
  let pageToken: string | null = null;
  do {
    const token: string | null = pageToken;
    const page = await ask(async () => {
      const wanted = { id, active: true, pageSize: LISTED_AT_MOST, ...(token && { pageToken: token }) };
      const { data, headers } = await identities.listIdentitySessions(wanted, deadline());
      return { sessions: z.array(z.unknown()).parse(data).map(parseLiveKratosSession), next: nextPage(headers) };
    }, [404]);
    const before = found.size;
    for (const session of page?.sessions ?? []) found.set(session.id, session);
    pageToken = found.size > before ? (page?.next ?? null) : null;
  } while (pageToken && found.size < LISTED_AT_MOST);
  return [...found.values()].slice(0, LISTED_AT_MOST);
}

const sessionIds = z.array(z.object({ id: z.string().min(1) }));

const disable = ({ identities, deadline }: Apis, id: string) =>
  ask(() => identities.disableSession({ id }, deadline()), [400, 404]);

/** Page by page: what was ended is not active any more, so that the first page is always the one to ask for. */
async function endOtherSessions(apis: Apis, id: string, kept: string | null): Promise<string[]> {
  const ended: string[] = [];
  for (;;) {
    const others = await ask(async () => {
      const { data } = await apis.identities.listIdentitySessions({ id, active: true }, apis.deadline());
      return sessionIds.parse(data).map((session) => session.id);
    }, [404]);
    const fresh = (others ?? []).filter((session) => session !== kept && !ended.includes(session));
    if (fresh.length === 0) return ended;
    await Promise.all(fresh.map((session) => disable(apis, session)));
    ended.push(...fresh);
  }
}

/** Kratos' admin API as far as it lists and ends sessions. */
export function createOrySessions(apis: Apis): Pick<KratosClient, "sessionsOf" | "endSession" | "endOtherSessionsOf"> {
  return {
    sessionsOf: (identityId) => listSessions(apis, identityId),
    endSession: async (id) => {
      await disable(apis, id);
    },
    endOtherSessionsOf: (identityId, kept) => endOtherSessions(apis, identityId, kept),
  };
}
