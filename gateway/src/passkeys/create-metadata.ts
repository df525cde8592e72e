import type { Adapters } from "../adapters.ts";
import {
  type AuthenticatorMetadata,
  createAuthenticatorMetadata,
  laterByTimer,
  noMetadata,
} from "./authenticator-metadata.ts";
import { metadataSource, metadataTrust, trustName } from "./metadata-source.ts";
import { createPostgresMetadataStore } from "./metadata-store.ts";

/**
 * The FIDO metadata as the settings want them; none where they name no source.
 * @throws ConfigError for a root file without a certificate, OutageError when Postgres cannot be asked.
 */
export async function createMetadata({
  config,
  database,
  clock,
  log,
  audit,
}: Pick<Adapters, "config" | "database" | "clock" | "log" | "audit">): Promise<AuthenticatorMetadata> {
  const source = metadataSource(config.metadata);
  if (!source) return noMetadata;
  const trust = await metadataTrust(config.metadata);
  const store = createPostgresMetadataStore(database, trustName(trust));
  return createAuthenticatorMetadata({ source, trust, store, clock, log, audit, later: laterByTimer });
}
