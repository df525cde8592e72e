import { readFileSync } from "node:fs";
import { afterAll, expect, inject } from "vitest";
import { createMailbox, type Mailbox } from "../../scripts/parts/mailbox.ts";
import { type People, providePeople } from "./people.ts";

export type Shared = {
  readonly origin: string;
  readonly mail: Mailbox;
  readonly databaseUrl: string;
  readonly people: People;
};

/** What a gateway logged of errors nobody expected, and of answers of 500 and more. */
function faultsIn(logFile: string): string[] {
  const lines = readFileSync(logFile, "utf8").split("\n");
  return lines.filter((line) => /"level":"(error|fatal)"|"status":5\d\d/.test(line));
}

/** The share of the requests each gateway was asked by the nginx before them. */
function sharesIn(askedLog: string): number[] {
  const asked = readFileSync(askedLog, "utf8").trim().split("\n");
  const counts = new Map<string, number>();
  for (const address of asked) counts.set(address, (counts.get(address) ?? 0) + 1);
  return [...counts.values()].map((count) => count / asked.length);
}

/**
 * The Passbridge that is shared by all tests that break nothing in it, and people to use it; it may not fail once, and
 * where it has two gateways both have to answer.
 */
export function provideShared(): Shared {
  const { origin, mailUrl, databaseUrl, gatewayLogs, askedLog } = inject("shared");
  const people = providePeople(() => origin);
  afterAll(() => {
    expect(gatewayLogs.flatMap(faultsIn)).toEqual([]);
    if (askedLog !== null) expect(sharesIn(askedLog).filter((share) => share > 0.3)).toHaveLength(gatewayLogs.length);
  });
  return { origin, mail: createMailbox(mailUrl), databaseUrl, people };
}
