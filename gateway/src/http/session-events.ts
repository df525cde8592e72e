import type { Request, RequestHandler, Response } from "express";
import type { Adapters } from "../adapters.ts";
import type { Sessions } from "../sessions/create-sessions.ts";
import { kratosCookieKeyOf } from "../sessions/kratos-session-source.ts";
import type { UnifiedSession } from "../sessions/session.ts";
import { addressKey } from "./address-key.ts";
import type { BrowserBinding } from "./browser-binding.ts";
import { createEventStream, type Told, toldOf } from "./event-stream.ts";
import { createEventStreams } from "./event-streams.ts";
import { createEventWriter, EVENT_STREAM } from "./event-writer.ts";
import type { RequestResolver } from "./guards.ts";
import { createOpenLimit } from "./open-limit.ts";
import type { SessionBody } from "./session-body.ts";

/** Streams at the same time: of one session, or of one browser without any; and of one address, many may share it. */
const PER_SESSION = 20;
const PER_ADDRESS = 1_000;

export type SessionEventsParts = {
  readonly resolve: RequestResolver;
  readonly body: SessionBody;
  readonly binding: BrowserBinding;
};

export type SessionEvents = {
  readonly route: RequestHandler;
  /** Sends every stream away, also those that are opened from now on. */
  readonly close: () => void;
};

const sessionIdOf = ({ passkey, password }: UnifiedSession) => passkey?.id ?? password?.id;

function createLimits(factor: number) {
  const perSession = createOpenLimit(PER_SESSION, factor);
  const perAddress = createOpenLimit(PER_ADDRESS, factor);
  return (request: Request, session: UnifiedSession | null, browser: string) => {
    const leaveAddress = perAddress.enter(addressKey(request.ip));
    try {
      const leaveSession = perSession.enter((session && sessionIdOf(session)) ?? browser);
      return () => {
        leaveSession();
        leaveAddress();
      };
    } catch (error) {
      leaveAddress();
      throw error;
    }
  };
}

/** GET /api/auth/events: the session object at once and on each change. Like polling, it is no use of the session. */
export function createSessionEvents(
  { config, clock }: Pick<Adapters, "config" | "clock">,
  sessions: Pick<Sessions, "resolve" | "subscribe" | "followIdentity">,
  { resolve, body, binding }: SessionEventsParts,
): SessionEvents {
  const streams = createEventStreams();
  const enter = createLimits(config.rateLimitFactor);
  const lookEvery = config.session.lookInterval;
  sessions.subscribe(streams.hear);

  const open = (request: Request, response: Response, first: Told, browser: string) => {
    const ask = async () => {
      const resolution = await sessions.resolve(request, { activity: false });
      return resolution.kind === "undecided" ? null : toldOf(resolution, body);
    };
    const kratosCookieKey = kratosCookieKeyOf(request);
    const writer = createEventWriter(response);
    const stream = createEventStream({ writer, ask, clock, lookEvery, browser, kratosCookieKey }, first);
    const leave = first.session && sessions.followIdentity(first.session.identity.id);
    streams.add(stream);
    response.once("close", () => {
      streams.remove(stream);
      leave?.();
    });
    return stream;
  };
  return {
    route: async (request, response) => {
      const before = streams.heard();
      const first = await toldOf(await resolve(request, response, { activity: false }), body);
      const browser = binding.ensure(request, response);
      if (request.method === "HEAD") return void response.setHeader("Content-Type", EVENT_STREAM).end();
      if (response.destroyed) return;
      response.once("close", enter(request, first.session, browser));
      const stream = open(request, response, first, browser);
      // Nobody goes on from here, and by it the way through all routers would be kept as long as the stream is open.
      request.next = undefined;
      // Told while it was decided, it would be told to nobody.
      if (streams.heard() !== before) stream.hear({ kind: "missed" });
    },
    close: streams.close,
  };
}
