/** How much there is to work on: everything for a measurement, little for a test that the works run. */
export type Scale = {
  /** Sessions for requests that find no cache warm: more than the gateway keeps, since each comes up again. */
  readonly coldSessions: number;
  /** Size of the large bodies. */
  readonly bodyBytes: number;
  /** How many people take turns where each of them signs in, or has sessions. */
  readonly owners: number;
  /** Credentials in the large one of two databases. */
  readonly credentials: number;
};

export const FULL: Scale = { coldSessions: 200_000, bodyBytes: 100 * 1024 * 1024, owners: 32, credentials: 100_000 };

/** Enough to see whether something works, and roughly how fast. */
export const SMALL: Scale = { coldSessions: 50_000, bodyBytes: 4 * 1024 * 1024, owners: 4, credentials: 1_000 };

/** Just enough for every work to run. */
export const TINY: Scale = { coldSessions: 2_000, bodyBytes: 64 * 1024, owners: 1, credentials: 200 };
