import { createHash } from "node:crypto";
import type { Logger } from "pino";
import type { Clock } from "../clock.ts";
import type { AuditLog } from "../operations/audit-log.ts";
import { type MetadataTrust, readVerifiedBlob, verifyMetadataBlob } from "./metadata-blob.ts";
import type { FindModel, MetadataModels } from "./metadata-models.ts";
import type { MetadataSource } from "./metadata-source.ts";
import type { MetadataStore } from "./metadata-store.ts";

const FIRST_PAUSE = 60_000;
const LONGEST_PAUSE = 6 * 3_600_000;

/** Runs a job later; the answer calls it off. */
export type Later = (delay: number, job: () => void) => () => void;

/** What the FIDO metadata say, held in memory: no ceremony waits for a network. */
export type AuthenticatorMetadata = {
  readonly find: FindModel;
  readonly close: () => void;
};

export type MetadataDeps = {
  readonly source: MetadataSource;
  readonly trust: MetadataTrust;
  readonly store: MetadataStore;
  readonly clock: Clock;
  readonly log: Pick<Logger, "info" | "warn">;
  readonly audit: AuditLog;
  readonly later: Later;
};

export const noMetadata: AuthenticatorMetadata = { find: () => undefined, close: () => undefined };

/** A timer that keeps no process alive. */
export const laterByTimer: Later = (delay, job) => {
  const timer = setTimeout(job, delay).unref();
  return () => clearTimeout(timer);
};

const digest = (blob: string) => createHash("sha256").update(blob).digest("hex");

type Outcome = "current" | "failed";

/** The metadata in force, and the one step that changes them. */
function createKeeper({ source, trust, store, clock, log, audit }: MetadataDeps) {
  let models: MetadataModels | null = null;
  let inForce = "";

  const use = (found: MetadataModels, blob: string) => {
    models = found;
    inForce = digest(blob);
    log.info({ number: found.number, next_update: found.nextUpdate }, "FIDO metadata are in force");
  };
  /** Also what another replica has fetched meanwhile. */
  const takeKept = async () => {
    const kept = await store.read();
    if (!kept || kept.number <= (models?.number ?? -1)) return;
    try {
      use(readVerifiedBlob(kept.blob), kept.blob);
    } catch (error) {
      log.warn({ err: error }, "the FIDO metadata that were kept cannot be read");
    }
  };
  const refuse = (error: unknown): Outcome => {
    log.warn({ err: error }, "FIDO metadata are refused; those in force stay");
    audit({
      event: "fido_metadata.refused",
      detail: { reason: error instanceof Error ? error.message : "unreadable" },
    });
    return "failed";
  };
  const judge = async (blob: string): Promise<Outcome> => {
    // Looked at each hour: megabytes that were verified before are not verified again.
    if (digest(blob) === inForce) return "current";
    const found = await verifyMetadataBlob(blob, trust, clock());
    const number = models?.number ?? -1;
    if (found.number === number) return "current";
    if (found.number < number) throw new Error(`Issue ${found.number} of the metadata is older than issue ${number}`);
    use(found, blob);
    audit({ event: "fido_metadata.updated", detail: { number: found.number, next_update: found.nextUpdate } });
    await store.keep({ blob, number: found.number, fetchedAt: clock() }).catch((error: unknown) => {
      log.warn({ err: error }, "FIDO metadata could not be kept: a restart needs their source");
    });
    return "current";
  };
  const refresh = async (signal: AbortSignal): Promise<Outcome> => {
    try {
      await takeKept();
      return await judge(await source.read(signal)).catch(refuse);
    } catch (error) {
      if (!signal.aborted) log.warn({ err: error }, "FIDO metadata could not be read; those in force stay");
      return "failed";
    }
  };
  return { takeKept, refresh, current: () => models };
}

/**
 * Loads the FIDO metadata and keeps them fresh: the last good ones first, then the source, which is asked again by
 * `nextUpdate` and, while that brings nothing, after ever longer pauses.
 * @returns once something is known or, with a source in reach, has been tried in vain.
 * @throws OutageError when the store cannot be asked at the start.
 */
export async function createAuthenticatorMetadata(deps: MetadataDeps): Promise<AuthenticatorMetadata> {
  const { source, clock, later } = deps;
  const keeper = createKeeper(deps);
  const closing = new AbortController();
  let failures = 0;
  let callOff: () => void = () => undefined;

  const delayAfter = (outcome: Outcome): number => {
    const due = (keeper.current()?.nextUpdate.getTime() ?? 0) - clock().getTime();
    failures = outcome === "failed" || due <= 0 ? failures + 1 : 0;
    return failures > 0 ? Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (failures - 1)) : Math.min(source.every, due);
  };
  const run = async (): Promise<void> => {
    const delay = delayAfter(await keeper.refresh(closing.signal));
    if (!closing.signal.aborted) callOff = later(delay, () => void run());
  };

  await keeper.takeKept();
  const first = run();
  if (!keeper.current() && source.inReach) await first;
  return {
    find: (aaguid) => keeper.current()?.find(aaguid),
    close: () => {
      closing.abort();
      callOff();
    },
  };
}
