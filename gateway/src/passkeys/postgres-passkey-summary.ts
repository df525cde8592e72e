import type { Adapters } from "../adapters.ts";
import { createPostgresCredentialStore } from "./credential-store.ts";
import { createPostgresPasskeySettingsStore } from "./passkey-settings-store.ts";
import { createPasskeySummary, type PasskeySummary } from "./passkey-summary.ts";

/** The summary over both tables that say something of a person's passkeys. */
export function createPostgresPasskeySummary(database: Adapters["database"]): PasskeySummary {
  const credentials = createPostgresCredentialStore(database);
  const settings = createPostgresPasskeySettingsStore(database);
  const load = async (identityId: string) => {
    const [count, decided] = await Promise.all([credentials.countOf(identityId), settings.find(identityId)]);
    return { count, settings: decided };
  };
  return createPasskeySummary(load);
}
