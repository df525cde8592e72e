import { randomInt } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { digestOf } from "./plan.ts";
import { runSoak } from "./run-soak.ts";
import { reportOf } from "./soak-report.ts";

const MINUTES = 0.4;
const PEOPLE = 16;

it("keeps everything that must hold while parts fail, for a moment of what npm run soak does", async () => {
  const seed = randomInt(2 ** 31);
  console.log(`npm run soak -- --minutes ${MINUTES} --people ${PEOPLE} --seed ${seed}`);
  const folder = await mkdtemp(join(tmpdir(), "passbridge-soak-"));
  try {
    const told: string[] = [];
    const tell = (line: string) => told.push(line);
    const result = await runSoak({ seed, minutes: MINUTES, people: PEOPLE, folder, tell });
    expect(result.violations, [...told, ...reportOf(result)].join("\n")).toEqual([]);
    expect(result.plan).toBe(digestOf(seed, PEOPLE, MINUTES * 60_000));
    expect(Object.keys(result.troubles).length).toBeGreaterThan(0);
    for (const invariant of ["accountKept", "deadSession", "signedIn", "upstreamIdentity", "answered"]) {
      expect(result.invariants[invariant], invariant).toBeGreaterThan(0);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}, 240_000);
