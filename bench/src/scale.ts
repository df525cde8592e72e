/** How much there is to work on: everything for a measurement, little for a test that the works run. */
export type Scale = {
  /** Sessions for requests that find no cache warm. */
  readonly coldSessions: number;
  /** Size of the large bodies. */
  readonly bodyBytes: number;
  /** Credentials in the large one of two databases. */
  readonly credentials: number;
};

export const FULL: Scale = { coldSessions: 250_000, bodyBytes: 100 * 1024 * 1024, credentials: 100_000 };
