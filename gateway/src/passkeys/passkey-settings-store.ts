import type { Knex } from "knex";
import { z } from "zod";
import { FIRST_SETTINGS, type PasskeySettings } from "../policy/passkey-duty.ts";
import { askPostgres } from "../postgres-errors.ts";

const TABLE = "passkey_settings";

const settingsRow = z.object({
  enabled: z.boolean(),
  prompt_forced: z.boolean(),
  prompt_dismissed_until: z.date().nullable(),
});

/** What was decided about single people's passkeys, kept by identity. Every call throws OutageError. */
export type PasskeySettingsStore = {
  readonly find: (identityId: string) => Promise<PasskeySettings>;
  readonly change: (identityId: string, changes: Partial<PasskeySettings>) => Promise<void>;
};

const COLUMNS = {
  enabled: "enabled",
  promptForced: "prompt_forced",
  promptDismissedUntil: "prompt_dismissed_until",
} as const satisfies Record<keyof PasskeySettings, string>;

const MEMBERS = ["enabled", "promptForced", "promptDismissedUntil"] as const;

/** Only the columns of the members that are there: what is not changed stays. */
const columnsOf = (settings: Partial<PasskeySettings>) =>
  Object.fromEntries(MEMBERS.filter((name) => name in settings).map((name) => [COLUMNS[name], settings[name]]));

/** Settings in PostgreSQL. */
export function createPostgresPasskeySettingsStore(knex: Knex): PasskeySettingsStore {
  return {
    find: (identityId) =>
      askPostgres(async () => {
        const found = await knex(TABLE).where({ identity_id: identityId }).first();
        if (!found) return FIRST_SETTINGS;
        const row = settingsRow.parse(found);
        return {
          enabled: row.enabled,
          promptForced: row.prompt_forced,
          promptDismissedUntil: row.prompt_dismissed_until,
        };
      }),
    change: (identityId, changes) =>
      askPostgres(async () => {
        await knex(TABLE)
          .insert({ identity_id: identityId, ...columnsOf({ ...FIRST_SETTINGS, ...changes }) })
          .onConflict("identity_id")
          .merge(columnsOf(changes));
      }),
  };
}
