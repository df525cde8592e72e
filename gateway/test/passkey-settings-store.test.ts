import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { OutageError } from "../src/errors.ts";
import {
  createPostgresPasskeySettingsStore,
  type PasskeySettingsStore,
} from "../src/passkeys/passkey-settings-store.ts";
import { FIRST_SETTINGS } from "../src/policy/passkey-duty.ts";
import { type PasskeyServers, startPasskeyServers, times } from "./support/passkey-stores.ts";

let servers: PasskeyServers;
let settings: PasskeySettingsStore;
beforeAll(async () => {
  servers = await startPasskeyServers();
  settings = createPostgresPasskeySettingsStore(servers.knex);
});
afterAll(() => servers.stop());

test("nothing is decided about anyone at first", async () => {
  expect(await settings.find(randomUUID())).toEqual(FIRST_SETTINGS);
});

test("a change leaves alone what it does not name, and other people", async () => {
  const [id, other] = [randomUUID(), randomUUID()];
  const promptDismissedUntil = new Date("2030-01-02T03:04:05.678Z");
  await settings.change(id, { promptDismissedUntil });
  await settings.change(id, { enabled: false });
  await settings.change(id, { promptForced: true });
  expect(await settings.find(id)).toEqual({ enabled: false, promptForced: true, promptDismissedUntil });
  await settings.change(id, { enabled: true, promptDismissedUntil: null });
  expect(await settings.find(id)).toEqual({ enabled: true, promptForced: true, promptDismissedUntil: null });
  expect(await settings.find(other)).toEqual(FIRST_SETTINGS);
});

test("changes of different members at once all hold", async () => {
  const id = randomUUID();
  const promptDismissedUntil = new Date("2030-01-01T00:00:00Z");
  const changes = [{ enabled: false }, { promptForced: true }, { promptDismissedUntil }];
  await times(30, async (index) => settings.change(id, changes[index % 3] ?? {}));
  expect(await settings.find(id)).toEqual({ enabled: false, promptForced: true, promptDismissedUntil });
});

test("a store that is away is an outage", async () => {
  await servers.stack.postgres.stop();
  await expect(settings.find(randomUUID())).rejects.toThrow(OutageError);
  await expect(settings.change(randomUUID(), { enabled: false })).rejects.toThrow(OutageError);
  await servers.stack.postgres.start();
  await expect.poll(() => settings.find(randomUUID()).catch(() => null), { timeout: 15_000 }).toEqual(FIRST_SETTINGS);
});
