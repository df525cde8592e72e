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

/** What the gateway logged of errors nobody expected, and of answers of 500 and more. */
function faultsIn(logFile: string): string[] {
  const lines = readFileSync(logFile, "utf8").split("\n");
  return lines.filter((line) => /"level":"(error|fatal)"|"status":5\d\d/.test(line));
}

/** The Passbridge that is shared by all tests that break nothing in it, and people to use it; it may not fail once. */
export function provideShared(): Shared {
  const { origin, mailUrl, databaseUrl, gatewayLog } = inject("shared");
  const people = providePeople(() => origin);
  afterAll(() => expect(faultsIn(gatewayLog)).toEqual([]));
  return { origin, mail: createMailbox(mailUrl), databaseUrl, people };
}
