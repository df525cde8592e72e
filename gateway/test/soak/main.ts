import { randomInt } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { CHECKOUT } from "../../../scripts/checkout.ts";
import { messageOf } from "../../../scripts/failure.ts";
import { digestOf } from "./plan.ts";
import { runSoak } from "./run-soak.ts";
import { replayLine, reportOf } from "./soak-report.ts";

const soakFolder = join(CHECKOUT, "artifacts", "soak");

const settings = z.object({
  minutes: z.coerce.number().positive().default(20),
  seed: z.coerce
    .number()
    .int()
    .min(0)
    .default(() => randomInt(2 ** 31)),
  people: z.coerce.number().int().min(1).max(200).default(30),
});

async function main(): Promise<void> {
  const text = { type: "string" } as const;
  const { values } = parseArgs({ options: { minutes: text, seed: text, people: text } });
  const wanted = settings.parse(values);
  const tell = (line: string) => console.error(`${new Date().toISOString()} ${line}`);
  tell(`seed ${wanted.seed}, plan ${digestOf(wanted.seed, wanted.people, wanted.minutes * 60_000)}`);
  tell(`the same again: ${replayLine(wanted)}`);
  const folder = join(soakFolder, String(wanted.seed));
  const result = await runSoak({ ...wanted, folder, tell });
  const file = join(folder, "result.json");
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
  console.log(reportOf(result).join("\n"));
  console.log(`Kept in ${file}`);
  // What a trouble left open does not keep this process.
  process.exit(result.violations.length > 0 ? 1 : 0);
}

process.once("SIGINT", () => process.exit(130)).once("SIGTERM", () => process.exit(143));

main().catch((error: unknown) => {
  console.error(messageOf(error));
  process.exit(1);
});
