import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { WebSocket } from "ws";
import { unifiedSession } from "../../test/support/unified-session.ts";
import {
  type ProxiedSockets,
  serveWebSocketProxy,
  signedIn,
  startProxiedSockets,
} from "../../test/support/websocket-front.ts";
import { ANY_SESSION, type RouteAccess } from "../policy/route-rule.ts";
import type { Resolution, SourceSession } from "../sessions/session.ts";

let resolution: Resolution;
let proxied: ProxiedSockets;
const stops: (() => void)[] = [];

beforeEach(async () => {
  proxied = await startProxiedSockets(async () => resolution);
});

afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  proxied.stop();
});

const later = () => new Date(Date.now() + 3_600_000);
const soon = () => new Date(Date.now() + 200);
const { identity } = unifiedSession();

function part(kind: SourceSession["kind"], expiresAt: Date): SourceSession {
  const methods = [kind === "passkey" ? ("passkey" as const) : ("password" as const)];
  return { kind, id: kind, methods, aal: "aal1", amr: [], authenticatedAt: new Date(), expiresAt, identity };
}

/** Signed in by both, of which the passkey's session ends soon. */
const both = () =>
  signedIn(
    unifiedSession({
      aal: "aal2",
      methods: ["password", "passkey"],
      expiresAt: later(),
      passkey: part("passkey", soon()),
      password: part("password", later()),
    }),
  );

const passwordAlone = (more: Parameters<typeof unifiedSession>[0] = {}) =>
  signedIn(
    unifiedSession({
      aal: "aal1",
      methods: ["password"],
      authMethod: "password",
      expiresAt: later(),
      passkey: null,
      password: part("password", later()),
      ...more,
    }),
  );

/** Opens a WebSocket under a rule, and then has the session become another; resolves once it was asked for again. */
async function become(access: RouteAccess, next: () => Resolution): Promise<WebSocket> {
  resolution = both();
  let asked = 0;
  const front = await serveWebSocketProxy(
    proxied.upstream.url,
    async () => {
      asked += 1;
      return resolution;
    },
    { access },
  );
  stops.push(front.stop);
  const socket = await front.open();
  resolution = next();
  await vi.waitFor(() => expect(asked).toBe(2), { timeout: 5_000 });
  return socket;
}

async function expectEchoed(socket: WebSocket): Promise<void> {
  socket.send("still here");
  expect(String((await once(socket, "message"))[0])).toBe("still here");
}

const undecided = (): Resolution => ({ kind: "undecided", cause: new Error("down") });
const needs = (more: Partial<typeof ANY_SESSION>): RouteAccess => ({ ...ANY_SESSION, ...more });
const withRoles = (...roles: string[]) => passwordAlone({ identity: { roles } });

describe("a WebSocket's session is judged by the rule that let it in, when a part of it ends", () => {
  it.each([
    ["aal2, of which a password is left", needs({ aal2: true }), passwordAlone],
    ["a passkey, of which a password is left", needs({ passkey: true }), passwordAlone],
    ["a role that was taken away", needs({ roles: ["admin"] }), () => withRoles("staff")],
    [
      "a confirmed address that was changed",
      needs({ verified: true }),
      () => passwordAlone({ identity: { emailVerified: false } }),
    ],
    ["nothing more, and nobody is left", ANY_SESSION, () => ({ kind: "anonymous" }) as const],
    ["nothing more, and another person came", ANY_SESSION, () => passwordAlone({ identity: { id: "somebody-else" } })],
    [
      "nobody, and the person it was opened for left",
      { kind: "public" } as const,
      () => ({ kind: "anonymous" }) as const,
    ],
  ])("closes where it wanted %s", async (_name, access, next) => {
    const socket = await become(access, next);
    if (socket.readyState !== socket.CLOSED) await once(socket, "close");
    expect(socket.readyState).toBe(socket.CLOSED);
  });

  it.each([
    ["a session, of which a password is left", ANY_SESSION, passwordAlone],
    ["a role that is still there", needs({ roles: ["admin"] }), () => withRoles("admin")],
    ["a recent sign-in, which it was", needs({ fresh: 60_000 }), () => passwordAlone({ authenticatedAt: new Date(0) })],
    ["aal2, while nobody can tell", needs({ aal2: true }), undecided],
  ])("stays where it wanted %s", async (_name, access, next) => {
    const socket = await become(access, next);
    await expectEchoed(socket);
  });
});
