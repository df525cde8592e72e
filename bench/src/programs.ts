import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CHECKOUT } from "../../scripts/checkout.ts";
import { findFreePort } from "../../scripts/free-port.ts";
import { checkHttp } from "../../scripts/parts/http-check.ts";
import { planNginx } from "../../scripts/parts/nginx.ts";
import { createPart, type Part, type PartPlan } from "../../scripts/parts/part.ts";

/** A running server: where the load tool reaches it, and the process that answers. */
export type Server = { readonly address: string; readonly pid: number };

export type Baseline = {
  /** The program, as a file URL. */
  readonly program: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A path that answers 200 when it is ready. */
  readonly readyPath?: string;
};

/** Where an nginx listens, and a file for its log. */
export type NginxPlace = { readonly port: number; readonly log: string };

/** Programs that run until the bench ends, each in a process of its own. */
export type Programs = {
  /** A folder that every account may pass through; it goes with the programs. */
  readonly folder: string;
  readonly start: (plan: PartPlan) => Promise<Part>;
  readonly startBaseline: (baseline: Baseline) => Promise<Server>;
  /** @param http the lines of its http block; `/ready` has to answer 200. */
  readonly startNginx: (http: (place: NginxPlace) => string) => Promise<Server>;
  readonly stop: () => Promise<void>;
};

export function serverOf(part: Part, address: string): Server {
  const pid = part.pid();
  if (pid === null) throw new Error(`${part.name} does not run`);
  return { address, pid };
}

function planProgram({ program, env = {}, readyPath = "/ready" }: Baseline, port: number): PartPlan {
  return {
    name: basename(program),
    command: process.execPath,
    args: [fileURLToPath(program)],
    env: { PATH: process.env.PATH, NODE_ENV: "production", PORT: String(port), ...env },
    cwd: CHECKOUT,
    readyTimeout: 20_000,
    check: () => checkHttp(`http://127.0.0.1:${port}${readyPath}`),
  };
}

export function createPrograms(): Programs {
  const folder = mkdtempSync(join(tmpdir(), "passbridge-bench-"));
  chmodSync(folder, 0o711);
  const parts: Part[] = [];
  const start: Programs["start"] = async (plan) => {
    const part = createPart(plan, join(folder, `${parts.length}.log`));
    parts.push(part);
    await part.start();
    return part;
  };
  return {
    folder,
    start,
    startBaseline: async (baseline) => {
      const port = await findFreePort();
      return serverOf(await start(planProgram(baseline, port)), `http://127.0.0.1:${port}`);
    },
    startNginx: async (http) => {
      const port = await findFreePort();
      const address = `http://127.0.0.1:${port}`;
      const place = join(folder, `nginx-${port}`);
      const block = http({ port, log: join(place, "access.log") });
      return serverOf(
        await start(await planNginx({ folder: place, http: block, readyUrl: `${address}/ready` })),
        address,
      );
    },
    stop: async () => {
      for (const part of parts.toReversed()) await part.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
