import { cpuSecondsOfLoad } from "../cpu-time.ts";
import { createPageSide, expectPage } from "../load.ts";
import { cookieHeader, createPasskeySession } from "../people.ts";
import type { Bench } from "../processes.ts";
import type { Side, Work } from "../rounds.ts";
import { SESSION_PATH } from "./session.ts";

const CORES = 2;

/** Two processes would have both cores, were it not for the load tool: the time counts by what it left them. */
function withoutLoad(side: Side): Side {
  return {
    ...side,
    measure: async (milliseconds) => {
      const before = cpuSecondsOfLoad() ?? 0;
      const { done, seconds } = await side.measure(milliseconds);
      const left = CORES - ((cpuSecondsOfLoad() ?? 0) - before) / seconds;
      return { done, seconds: (seconds * left) / CORES };
    },
  };
}

async function startSide(bench: Bench, workers: number, cookie: string): Promise<Side> {
  const { gateway } = await bench.startSecondGateway(bench.stack.databaseUrl, { WORKERS: String(workers) });
  const request = { url: gateway.address + SESSION_PATH, headers: { cookie } };
  const body = await expectPage(request, (text) => JSON.parse(text).auth_method === "passkey");
  return createPageSide({ name: `WORKERS=${workers}`, pid: gateway.pid }, request, body);
}

/** The session check by two processes and by one, on a machine with two cores. */
export async function createWorkersWorks(bench: Bench): Promise<Work[]> {
  const cookie = cookieHeader(await createPasskeySession(bench.origin));
  const gateway = withoutLoad(await startSide(bench, CORES, cookie));
  const one = await startSide(bench, 1, cookie);
  return [
    {
      name: "session check by two processes, without the load tool's share",
      gateway,
      baselines: [{ ...one, target: { atLeast: 1.5 } }],
    },
  ];
}
