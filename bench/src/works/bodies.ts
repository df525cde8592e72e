import { join } from "node:path";
import { runCurl, type Transfers } from "../load/curl.ts";
import { CONNECTIONS } from "../load.ts";
import { cookieHeader, createPasskeySession } from "../people.ts";
import type { Bench } from "../processes.ts";
import type { Server } from "../programs.ts";
import { watchMemory } from "../resident-memory.ts";
import type { Figure, Work } from "../rounds.ts";
import type { Scale } from "../scale.ts";
import { startPlainProxy } from "./nginx-sides.ts";

const MEGABYTE = 1_024 * 1_024;

type Direction = { readonly name: string; readonly path: string; readonly upload?: string };

/** The gateway's most memory in each run: flat, when the last wave of bodies takes no more than the first. */
function memoryFigures(most: readonly (number | null)[]): Figure[] {
  const known = most.filter((bytes) => bytes !== null);
  const [, second] = known;
  const last = known.at(-1);
  if (second === undefined || last === undefined) return [];
  return [
    { what: "the gateway's most memory", value: Math.max(...known) / MEGABYTE, unit: "MB" },
    {
      what: "the same in the last round, by that of the first",
      value: last / second,
      unit: "×",
      target: { atMost: 1.1 },
    },
  ];
}

function bodyWork(bench: Bench, nginx: Server, cookie: string, { name, ...direction }: Direction, bytes: number): Work {
  const most: (number | null)[] = [];
  const transfer = (server: Server, headers: Readonly<Record<string, string>>): Transfers => ({
    count: CONNECTIONS,
    bytes,
    request: { url: server.address + direction.path, headers },
    ...(direction.upload && { upload: direction.upload }),
  });
  const ours = transfer(bench.gateway, { cookie });
  const theirs = transfer(nginx, {});
  const measure = async () => {
    const { result, most: bytesOfMemory } = await watchMemory(bench.gateway.pid, () => runCurl("gateway", ours));
    most.push(bytesOfMemory);
    return result;
  };
  const nginxSide = { name: "nginx plain proxy", pid: nginx.pid, measure: () => runCurl("nginx", theirs) };
  return {
    name: `proxied ${Math.round(bytes / MEGABYTE)} MB ${name}`,
    gateway: { name: "gateway", pid: bench.gateway.pid, measure },
    baselines: [{ ...nginxSide, target: { atLeast: 0.5 } }],
    figures: async () => memoryFigures(most),
  };
}

/** Large bodies through the gateway, one over each connection: however long a round is to be, it ends when all are through. */
export async function createBodyWorks(bench: Bench, { bodyBytes }: Scale): Promise<Work[]> {
  const nginx = await startPlainProxy(bench);
  const cookie = cookieHeader(await createPasskeySession(bench.origin));
  const download = { name: "download", path: "/large" };
  const upload = { name: "upload", path: "/sink", upload: join(bench.folder, "large") };
  return [download, upload].map((direction) => bodyWork(bench, nginx, cookie, direction, bodyBytes));
}
