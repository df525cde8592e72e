import { z } from "zod";
import { clusterSlot } from "./cluster-slot.ts";
import { createAsker } from "./redis-asker.ts";
import type { Directory, Layout } from "./redis-layout.ts";
import { type Connect, type Place, samePlace } from "./redis-server.ts";

/** Host, port, and what is not needed; the host is empty or null where it is the one that was asked. */
const node = z.tuple([z.string().nullable(), z.number()]).rest(z.unknown());
/** CLUSTER SLOTS: the range, its primary, its replicas. */
const slotRanges = z.array(z.tuple([z.number(), z.number(), node]).rest(z.unknown())).min(1);

function toLayout(reply: unknown, from: Place): Layout {
  const owners: Place[] = [];
  const places: Place[] = [];
  for (const [first, last, [host, port]] of slotRanges.parse(reply)) {
    const told = { host: host && host !== "?" ? host : from.host, port };
    const known = places.find((place) => samePlace(place, told));
    const place = known ?? told;
    if (!known) places.push(place);
    for (let slot = first; slot <= last; slot += 1) owners[slot] = place;
  }
  return { places, placeOf: (key) => owners[clusterSlot(key)] };
}

/**
 * The layout of a Redis Cluster as its servers tell it (CLUSTER SLOTS): the primaries alone, since a replica may still have
 * a session that was ended.
 * @param seeds asked first, and whenever none of the servers they named answers.
 */
export function createClusterDirectory(seeds: readonly Place[], connect: Connect): Directory {
  const asker = createAsker(connect);
  let known: readonly Place[] = [];
  return {
    ask: async () => {
      const others = known.filter((place) => !seeds.some((seed) => samePlace(seed, place)));
      const isAnswer = (reply: unknown) => slotRanges.safeParse(reply).success;
      const { from, reply } = await asker.ask([...seeds, ...others], ["CLUSTER", "SLOTS"], isAnswer);
      const layout = toLayout(reply, from);
      known = layout.places;
      return layout;
    },
    distrust: asker.moveOn,
    // One that does not have a key says so itself.
    accepts: async () => true,
    close: asker.close,
  };
}
