import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "../../scripts/checkout.ts";
import { messageOf } from "../../scripts/failure.ts";
import { formatTable } from "../../scripts/manage/table.ts";
import { applyLoad, expectPage } from "./load.ts";
import { cookieHeader, SESSIONS } from "./people.ts";
import { type Bench, startBench } from "./processes.ts";
import { summariseProfile } from "./profile-summary.ts";
import { endWithSignals } from "./signals.ts";
import { createCeremonySide } from "./works/ceremonies.ts";

const FOLDER = join(CHECKOUT, "artifacts", "bench");
const DURATION = 10_000;
/** Without the start, and the first second in which the code is compiled. */
const WINDOW = 9_000;
const SHOWN = 25;

type Profiled = (bench: Bench) => Promise<unknown>;

function sessionChecks(kind: "passkey" | "password"): Profiled {
  return async (bench) => {
    const url = `${bench.gateway.address}/api/auth/session`;
    const headers = { cookie: cookieHeader(await SESSIONS[kind](bench.origin)) };
    const expectBody = await expectPage({ url, headers }, (body) => JSON.parse(body).auth_method === kind);
    await applyLoad(kind, DURATION, { url, headers, expectBody });
  };
}

const PROFILED: Readonly<Record<string, Profiled>> = {
  "session-passkey": sessionChecks("passkey"),
  "session-password": sessionChecks("password"),
  ceremonies: async (bench) => (await createCeremonySide(bench)).measure(DURATION),
};

/** Profiles the gateway's process at one work; the profile's file. */
async function profile(name: string, work: Profiled): Promise<string> {
  const file = `${name}.cpuprofile`;
  const bench = await startBench(["--cpu-prof", `--cpu-prof-dir=${FOLDER}`, `--cpu-prof-name=${file}`]);
  try {
    await work(bench);
  } finally {
    await bench.stop();
  }
  return join(FOLDER, file);
}

async function main(wanted: readonly string[]): Promise<void> {
  const works = Object.entries(PROFILED).filter(([name]) => wanted.length === 0 || wanted.includes(name));
  if (works.length === 0) throw new Error(`There are profiles of ${Object.keys(PROFILED).join(", ")}.`);
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, work] of works) {
    const file = await profile(name, work);
    const costs = summariseProfile(readFileSync(file, "utf8"), WINDOW).slice(0, SHOWN);
    const rows = costs.map(({ owner, share }) => [owner, `${(share * 100).toFixed(1)} %`]);
    console.log([`${name} (${file})`, ...formatTable(["where", "share"], rows), ""].join("\n"));
  }
}

endWithSignals();
main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(messageOf(error));
  process.exitCode = 1;
});
