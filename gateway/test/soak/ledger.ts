/** What has to hold, and how it is said in the report. */
export const INVARIANTS = {
  credentialKept: "a passkey whose creation was acknowledged is there, once",
  credentialGone: "a passkey whose removal was acknowledged stays removed",
  credentialKnown: "there is no passkey that nobody asked for",
  accountKept: "an acknowledged sign-up is there, once; the right password is right",
  codeKept: "a recovery code that was not used is good",
  codeOnce: "a recovery code works once, and not after it was replaced",
  deadSession: "a session whose end was acknowledged is accepted by no replica",
  deadConnection: "a WebSocket or event stream of an ended session is closed or told",
  signedIn: "nobody is signed out by a fault",
  cookieKept: "no cookie is cleared by an outage",
  upstreamIdentity: "the application is told the identity of whoever asks, and of nobody else",
  ownIdentity: "session, event and forward-auth answers are of whoever asks",
  failures: "a failure is 502, 503 or 504 with its code",
  answered: "a replica that runs answers every request",
  contract: "every answer of the API fits the contract",
  mailOnce: "a notice is sent once an attempt, under one Message-ID, and none that nothing caused",
  memory: "memory is flat",
  handles: "open files are flat",
  connections: "connections to PostgreSQL stay within the pools",
  alive: "the event loop is alive",
} as const;

export type Invariant = keyof typeof INVARIANTS;

export type Violation = { readonly at: string; readonly invariant: Invariant; readonly what: string };

/** Counts what was checked, what people's actions came to, and keeps what did not hold. */
export type Ledger = {
  readonly check: (invariant: Invariant, holds: boolean, what: () => string) => void;
  readonly count: (action: string, outcome: string) => void;
  readonly checks: ReadonlyMap<Invariant, number>;
  readonly outcomes: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly violations: readonly Violation[];
};

const add = <Key>(counts: Map<Key, number>, key: Key) => counts.set(key, (counts.get(key) ?? 0) + 1);

/** @param tell is told of each violation as it is found. */
export function createLedger(tell: (violation: Violation) => void): Ledger {
  const checks = new Map<Invariant, number>();
  const outcomes = new Map<string, Map<string, number>>();
  const violations: Violation[] = [];
  return {
    checks,
    outcomes,
    violations,
    check: (invariant, holds, what) => {
      add(checks, invariant);
      if (holds) return;
      const violation = { at: new Date().toISOString(), invariant, what: what() };
      violations.push(violation);
      tell(violation);
    },
    count: (action, outcome) => {
      const counts = outcomes.get(action) ?? new Map<string, number>();
      outcomes.set(action, counts);
      add(counts, outcome);
    },
  };
}
