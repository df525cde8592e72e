/** How much there is to work on: everything for a measurement, little for a test that the works run. */
export type Scale = {
  /** Whether the gateway runs as it is built, which takes a while when the sources are newer. */
  readonly built: boolean;
  /** Sessions for requests that find no cache warm: more than the gateway keeps, since each comes up again. */
  readonly coldSessions: number;
  /** Size of the large bodies. */
  readonly bodyBytes: number;
  /** How many people take turns where each of them signs in, or has sessions. */
  readonly owners: number;
  /** Credentials in the large one of two databases. */
  readonly credentials: number;
  /** People in the small and in the large one of two worlds, each with a session. */
  readonly people: { readonly few: number; readonly many: number };
  /** Whether a round lasts until what the gateway keeps was asked for anew several times, where that is part of a work. */
  readonly cacheLives: boolean;
  /** Connections that are open and idle, and the milliseconds after which it is looked what they take. */
  readonly open: { readonly eventStreams: number; readonly sockets: number; readonly settling: number };
};

export const FULL: Scale = {
  built: true,
  coldSessions: 200_000,
  bodyBytes: 100 * 1024 * 1024,
  owners: 32,
  credentials: 100_000,
  people: { few: 1_000, many: 1_000_000 },
  cacheLives: true,
  open: { eventStreams: 5_000, sockets: 1_000, settling: 5_000 },
};

/** Enough to see whether something works, and roughly how fast. */
export const SMALL: Scale = {
  built: true,
  coldSessions: 50_000,
  bodyBytes: 4 * 1024 * 1024,
  owners: 4,
  credentials: 1_000,
  people: { few: 1_000, many: 10_000 },
  cacheLives: false,
  open: { eventStreams: 500, sockets: 100, settling: 1_000 },
};

/** Just enough for every work to run. */
export const TINY: Scale = {
  built: false,
  coldSessions: 2_000,
  bodyBytes: 64 * 1024,
  owners: 1,
  credentials: 200,
  people: { few: 50, many: 100 },
  cacheLives: false,
  open: { eventStreams: 20, sockets: 10, settling: 0 },
};
