import { createBrowser } from "../support/browser.ts";
import type { Calm } from "./calm.ts";
import type { EventStream } from "./event-stream.ts";
import type { Ledger } from "./ledger.ts";
import type { OpenSocket } from "./open-connections.ts";
import type { SeededRandom } from "./seeded-random.ts";
import type { Device } from "./soak-person.ts";
import type { SoakWorld } from "./soak-world.ts";

/** While all is well the replicas hear of an end at once; WebSockets and streams have this long (docs/architecture.md). */
const WELL_BOUND = 2_000;
/** What a replica that heard nothing may go by: PASSKEY_SESSION_CACHE_TTL, and the time until a silent Redis is given up. */
const WORST_BOUND = 35_000;
/** What Redis may lose of what it acknowledged, appending every second (redis.conf, appendfsync everysec). */
const REDIS_LOSES = 3_000;

/** Session cookies whose end was acknowledged. */
type Grave = {
  readonly whose: string;
  readonly cookies: readonly [string, string][];
  readonly endedAt: number;
  /** Whether both replicas refused the cookies, and whether the connections were looked at. */
  refused: boolean;
  lookedAt: boolean;
  readonly streams: readonly EventStream[];
  readonly sockets: readonly OpenSocket[];
};

export type Graveyard = {
  /** All that the device holds has ended, these session cookies with it. */
  readonly bury: (whose: string, device: Device, cookies: readonly [string, string][]) => void;
  readonly buryCookies: (whose: string, cookies: readonly [string, string][]) => void;
  /** Redis may have forgotten what it was told just now. */
  readonly redisCrashed: () => void;
  /** Asks both replicas about those that must be dead by now and one that was asked about before, or about all of those. */
  readonly check: (all?: boolean) => Promise<void>;
  readonly size: () => number;
};

export function createGraveyard(world: SoakWorld, ledger: Ledger, calm: Calm, random: SeededRandom): Graveyard {
  let graves: Grave[] = [];
  const isDue = ({ endedAt }: Grave, now: number) => {
    const well = calm.since();
    // Those that heard nothing drop all they kept once they are told of anything again.
    const told = well !== null && now >= Math.max(well, endedAt) + WELL_BOUND;
    return told || now >= endedAt + WORST_BOUND;
  };
  const checkCookies = async (grave: Grave) => {
    let answers = 0;
    for (const { address } of world.replicas) {
      const browser = createBrowser(world.origin, new Map(grave.cookies), () => address);
      const answer = await browser.fetch("/api/auth/session").catch(() => null);
      if (answer?.status !== 200) continue;
      answers += 1;
      const { authenticated } = (await answer.json()) as { authenticated: boolean };
      // Redis may have lost it while the answer was under way.
      const alive = authenticated && graves.includes(grave);
      const age = Math.round(performance.now() - grave.endedAt);
      const names = grave.cookies.map(([name]) => name).join(", ");
      ledger.check("deadSession", !alive, () => `${grave.whose}: ${names} accepted after ${age} ms by ${address}`);
    }
    grave.refused ||= answers === world.replicas.length;
  };
  const lookAtConnections = (grave: Grave) => {
    const now = performance.now();
    const well = calm.since();
    if (well === null || now - Math.max(well, grave.endedAt) < WELL_BOUND) return;
    const age = Math.round(now - grave.endedAt);
    for (const stream of grave.streams) {
      const isTold = !stream.isOpen() || stream.last()?.authenticated === false;
      ledger.check(
        "deadConnection",
        isTold,
        () => `${grave.whose}: a stream after ${age} ms: ${JSON.stringify(stream.last())}`,
      );
      stream.close();
    }
    for (const socket of grave.sockets) {
      const closed = !socket.isOpen();
      ledger.check("deadConnection", closed, () => `${grave.whose}: a WebSocket after ${age} ms`);
      socket.close();
    }
    grave.lookedAt = true;
  };
  const dig = (whose: string, cookies: readonly [string, string][], device?: Device) => {
    const connections = { streams: device?.streams ?? [], sockets: device?.sockets ?? [] };
    graves.push({ whose, cookies, endedAt: performance.now(), refused: false, lookedAt: false, ...connections });
  };
  return {
    bury: (whose, device, cookies) => {
      dig(whose, cookies, device);
      device.state = "out";
      device.streams = [];
      device.sockets = [];
      device.browser.cookies.clear();
    },
    buryCookies: (whose, cookies) => dig(whose, cookies),
    redisCrashed: () => {
      const now = performance.now();
      const unsure = graves.filter(({ endedAt }) => endedAt >= now - REDIS_LOSES);
      for (const { streams, sockets } of unsure) for (const held of [...streams, ...sockets]) held.close();
      graves = graves.filter((grave) => !unsure.includes(grave));
    },
    check: async (all = false) => {
      const now = performance.now();
      const due = graves.filter((grave) => isDue(grave, now));
      const again = random.pick([...due, null]);
      for (const grave of due) {
        if (all || !grave.refused || grave === again) await checkCookies(grave);
        if (!grave.lookedAt) lookAtConnections(grave);
      }
    },
    size: () => graves.length,
  };
}

/** Whose session Redis may have lost: signed in so shortly before it was killed. */
export const mayBeLost = ({ signedInAt }: Device) => performance.now() - signedInAt < REDIS_LOSES;
