import { z } from "zod";
import { cookieHeader, keepCookies } from "../support/browser.ts";
import { type Act, type Do, toldSignedIn, toldSignedOut } from "./acts.ts";
import { openEventStream, type ToldSession } from "./event-stream.ts";
import { openApplicationSocket } from "./open-connections.ts";
import { Unanswered } from "./watched-browser.ts";
import { MARKER } from "./witness-application.ts";

const session = z.object({ authenticated: z.boolean(), identity: z.object({ email: z.string() }).optional() });

function isOwn({ deps, person }: Act, { authenticated, identity }: ToldSession, by: string): void {
  if (!authenticated) return;
  deps.ledger.check("ownIdentity", identity?.email === person.email, () => `${by}: ${person.email} ${identity?.email}`);
}

const pollSession: Do = async (act) => {
  const answer = await act.device.browser.fetch("/api/auth/session");
  if (answer.status !== 200) return String(answer.status);
  const told = session.parse(await answer.json());
  isOwn(act, told, "session");
  if (told.authenticated) toldSignedIn(act);
  else toldSignedOut(act, "session");
  return told.authenticated ? "signed in" : "signed out";
};

function seen(act: Act, { status }: Response, by: string): string {
  if (status === 401) toldSignedOut(act, by);
  if (status === 200) toldSignedIn(act);
  return String(status);
}

const loadPage: Do = async (act) => {
  const headers = { [MARKER]: act.person.email };
  return seen(act, await act.device.browser.fetch(`/page/${act.choice}`, { headers }), "page");
};

const forwardAuth: Do = async (act) => {
  const { browser } = act.device;
  const original = { "x-original-url": `${browser.origin}/page`, "x-original-method": "GET" };
  const answer = await browser.fetch("/api/authz/auth-request", { headers: original });
  if (answer.status === 200) {
    const email = answer.headers.get("remote-email");
    act.deps.ledger.check(
      "ownIdentity",
      email === act.person.email,
      () => `forward-auth: ${act.person.email} ${email}`,
    );
  }
  return seen(act, answer, "forward-auth");
};

/** As its browser asks, and past the gateway who asks. */
const headersOf = ({ person, device: { browser } }: Act) => ({
  host: new URL(browser.origin).host,
  origin: browser.origin,
  cookie: cookieHeader(browser),
  [MARKER]: person.email,
});

const addressOf = ({ deps }: Act) => deps.world.replicas[deps.turns()]?.address ?? "";

const MOST_OPEN = 2;

const openStream: Do = async (act) => {
  const { device } = act;
  if (device.state !== "in") return "not signed in";
  if (device.streams.length >= MOST_OPEN) device.streams.shift()?.close();
  const opening = openEventStream(
    addressOf(act),
    headersOf(act),
    (event) => isOwn(act, event, "event"),
    (lines) => keepCookies(device.browser.cookies, lines),
  );
  const { status, stream } = await opening.catch((cause) => {
    throw new Unanswered("stream", { cause });
  });
  // Ended while it was opened.
  if (status === 200 && device.state === "in") device.streams.push(stream);
  else stream.close();
  return String(status);
};

const openSocket: Do = async (act) => {
  const { device } = act;
  if (device.state !== "in") return "not signed in";
  if (device.sockets.length >= MOST_OPEN) device.sockets.shift()?.close();
  const { status, socket } = await openApplicationSocket(addressOf(act), headersOf(act)).catch((cause) => {
    throw new Unanswered("WebSocket", { cause });
  });
  if (status === 401) toldSignedOut(act, "WebSocket");
  if (status === 101) device.sockets.push(socket);
  return String(status);
};

/** As somebody whose browser it is, if they are still signed in: by a page and by a session check in turn. */
export async function lookAsOwn(act: Act, turn: number): Promise<void> {
  const unsure = { ...act, device: { ...act.device, state: "unsure" as const } };
  await (turn % 2 === 0 ? loadPage(unsure) : pollSession(unsure));
}

/** What changes nothing. */
export const LOOKING = { session: pollSession, page: loadPage, forwardAuth, openStream, openSocket };
