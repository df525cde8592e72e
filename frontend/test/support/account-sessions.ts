import type { AccountBackend, Call, Part, Reply } from "./account-backend.ts";
import { problem } from "./account-refusal.ts";

/** The list of sessions, and its ends. */
export function sessions(backend: AccountBackend, { method, url }: Call, part: (name: Part) => void): Reply {
  const [, id] = /^\/api\/auth\/sessions\/(.+)$/.exec(url.pathname) ?? [];
  part("sessions");
  if (!backend.session.authenticated) throw problem(401, "unauthenticated");
  if (method === "GET") return { status: 200, body: { sessions: backend.sessions } };
  const ended = backend.sessions.filter((session) => (id ? session.id === id : !session.current));
  if (id && ended.length === 0) throw problem(404, "not_found");
  backend.sessions = backend.sessions.filter((session) => !ended.includes(session));
  return id ? { status: 204 } : { status: 200, body: { revoked: ended.length } };
}
