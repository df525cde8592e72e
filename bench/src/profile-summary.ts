import { z } from "zod";

const profile = z.object({
  nodes: z.array(
    z.object({
      id: z.number(),
      callFrame: z.object({ functionName: z.string(), url: z.string() }),
      children: z.array(z.number()).optional(),
    }),
  ),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
});

type Profile = z.infer<typeof profile>;
type Node = Profile["nodes"][number];

/** How much of the busy time went where; `share` is between 0 and 1. */
export type Cost = { readonly owner: string; readonly share: number };

const IDLE = "(idle)";
/** The native calls of node:net; those of node:fs are named otherwise. */
const SOCKET_WRITE = /^write(?:Utf8String|Latin1String|AsciiString|v)$/;

/** The package or the project's own file a frame belongs to; null for Node's own code, which works for its caller. */
function ownerOf({ functionName, url }: Node["callFrame"]): string | null {
  const packaged = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url);
  if (packaged?.[1]) return packaged[1];
  if (url === "" && SOCKET_WRITE.test(functionName)) return "(writes to sockets)";
  if (url.startsWith("file:")) return /[^/]+\/[^/]+$/.exec(url)?.[0] ?? url;
  return functionName.startsWith("(") && functionName !== "(root)" ? functionName : null;
}

/** Microseconds of the samples taken in each frame, within so many microseconds of the end. */
function selfTimes({ samples, timeDeltas }: Profile, window: number): Map<number, number> {
  const times = new Map<number, number>();
  let age = 0;
  for (let index = samples.length - 1; index >= 0 && age < window; index -= 1) {
    const id = samples[index] ?? 0;
    const time = timeDeltas[index] ?? 0;
    times.set(id, (times.get(id) ?? 0) + time);
    age += time;
  }
  return times;
}

function owners(nodes: readonly Node[]): Map<number, string> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const owned = new Map<number, string>();
  const visit = (node: Node, inherited: string) => {
    const frame = node.callFrame;
    const top = inherited === "" && frame.url.startsWith("node:") ? frame.url : inherited;
    const owner = ownerOf(frame) ?? top;
    owned.set(node.id, owner);
    for (const child of node.children ?? []) {
      const next = byId.get(child);
      if (next) visit(next, owner);
    }
  };
  const [root] = nodes;
  if (root) visit(root, "");
  return owned;
}

/**
 * Adds up a CPU profile of Node (--cpu-prof) by package and file: the work of Node's own modules counts for those who
 * called them. Idle time is left out.
 * @param window only the last so many milliseconds count: what comes before is the start.
 * @returns the costs, the largest first.
 * @throws ZodError when it is not a CPU profile.
 */
export function summariseProfile(text: string, window: number): Cost[] {
  const parsed = profile.parse(JSON.parse(text));
  const owned = owners(parsed.nodes);
  const sums = new Map<string, number>();
  for (const [id, time] of selfTimes(parsed, window * 1_000)) {
    const owner = owned.get(id) ?? "(unknown)";
    if (owner !== IDLE) sums.set(owner, (sums.get(owner) ?? 0) + time);
  }
  const busy = [...sums.values()].reduce((sum, time) => sum + time, 0);
  const costs = [...sums].map(([owner, time]) => ({ owner, share: time / busy }));
  return costs.toSorted((one, other) => other.share - one.share);
}
