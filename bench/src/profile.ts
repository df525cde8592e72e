import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "../../scripts/checkout.ts";
import { messageOf } from "../../scripts/failure.ts";
import { formatTable } from "../../scripts/manage/table.ts";
import { applyLoad, expectPage } from "./load.ts";
import { cookieHeader, SESSIONS } from "./people.ts";
import { startBench } from "./processes.ts";
import { summariseProfile } from "./profile-summary.ts";
import { endWithSignals } from "./signals.ts";

const FOLDER = join(CHECKOUT, "artifacts", "bench");
const DURATION = 10_000;
/** Without the start, and the first second in which the code is compiled. */
const WINDOW = 9_000;
const SHOWN = 15;

/** Profiles the gateway's process under session checks of one kind; the profile's file. */
async function profileSessionCheck(kind: "passkey" | "password"): Promise<string> {
  const name = `session-${kind}.cpuprofile`;
  const bench = await startBench(["--cpu-prof", `--cpu-prof-dir=${FOLDER}`, `--cpu-prof-name=${name}`]);
  try {
    const url = `${bench.gateway.address}/api/auth/session`;
    const headers = { cookie: cookieHeader(await SESSIONS[kind](bench.origin)) };
    const expectBody = await expectPage({ url, headers }, (body) => JSON.parse(body).auth_method === kind);
    await applyLoad(name, DURATION, { url, headers, expectBody });
  } finally {
    await bench.stop();
  }
  return join(FOLDER, name);
}

async function main(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  for (const kind of ["passkey", "password"] as const) {
    const file = await profileSessionCheck(kind);
    const costs = summariseProfile(readFileSync(file, "utf8"), WINDOW).slice(0, SHOWN);
    const rows = costs.map(({ owner, share }) => [owner, `${(share * 100).toFixed(1)} %`]);
    console.log([`session check, ${kind} session (${file})`, ...formatTable(["where", "share"], rows), ""].join("\n"));
  }
}

endWithSignals();
main().catch((error: unknown) => {
  console.error(messageOf(error));
  process.exitCode = 1;
});
