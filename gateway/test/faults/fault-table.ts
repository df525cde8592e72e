import type { Fault } from "../support/fault.ts";

/** The parts outside the gateway's process that may fail. */
export const PARTS = ["Kratos", "Redis", "PostgreSQL", "the mail server", "the application"] as const;

export type PartName = (typeof PARTS)[number];

/** Who a browser is: whose sessions it holds. */
export const PEOPLE = ["passkey", "password", "both", "nobody"] as const;

export type Person = (typeof PEOPLE)[number];

/** What people do, in the words of the table. */
export const ACTIONS = {
  session: "session check",
  page: "a page of the application",
  forwardAuth: "forward-auth",
  addPasskey: "adding a passkey",
  removePasskey: "removing a passkey",
  signOut: "signing out",
  passkeySignIn: "sign-in with a passkey",
  passwordSignIn: "sign-in with a password",
  recoveryCode: "sign-in with a recovery code",
} as const;

export type Action = keyof typeof ACTIONS;

/** What an action may come to, in the words of the table. */
export const OUTCOMES = {
  works: "works",
  /** 401, or the answer that nobody is signed in. */
  signIn: "is asked to sign in",
  unavailable: "503",
  badGateway: "502",
  gatewayTimeout: "504",
  /** The application's own answer, handed on. */
  itsError: "the application's own 500",
  brokenOff: "breaks off",
} as const;

export type Outcome = keyof typeof OUTCOMES;

export type Cells = Readonly<Record<Person, Readonly<Partial<Record<Action, Outcome>>>>>;

/** How a part fails; what the network does is done by a proxy between it and the gateway. */
export const FAULTS = {
  refused: { words: "refused", fault: { kind: "refuse" } },
  hanging: { words: "hanging", fault: { kind: "hang" } },
  hangingMidway: { words: "hanging within an answer", fault: { kind: "hang", after: 20 } },
  halfAnswers: { words: "half answers", fault: { kind: "cut", after: 20, by: "reset" } },
  endedAnswers: { words: "answers that end too soon", fault: { kind: "cut", after: 20, by: "end" } },
  garbage: { words: "garbage", fault: { kind: "garbage", seed: 7 } },
  errors: { words: "500s", fault: { kind: "status", status: 500 } },
  slow: { words: "slow", fault: { kind: "slow", latency: 50 } },
  noDatabase: { words: "its database away", fault: null },
  fullDisk: { words: "its disk full", fault: null },
  fullMemory: { words: "at `maxmemory` with `noeviction`", fault: null },
} as const satisfies Record<string, { words: string; fault: Fault | null }>;

export type FaultName = keyof typeof FAULTS;

export type FaultRow = { readonly part: PartName; readonly faults: readonly FaultName[]; readonly cells: Cells };

type Changes = { readonly [Who in Person]?: Readonly<Partial<Record<Action, Outcome>>> };

const MEMBER = {
  session: "works",
  page: "works",
  forwardAuth: "works",
  addPasskey: "works",
  removePasskey: "works",
  signOut: "works",
} as const;

/** Without any fault. */
export const HEALTHY: Cells = {
  passkey: MEMBER,
  password: MEMBER,
  both: MEMBER,
  nobody: {
    session: "signIn",
    page: "signIn",
    forwardAuth: "signIn",
    addPasskey: "signIn",
    removePasskey: "signIn",
    signOut: "works",
    passkeySignIn: "works",
    passwordSignIn: "works",
    recoveryCode: "works",
  },
};

const but = (changes: Changes): Cells => ({
  passkey: { ...HEALTHY.passkey, ...changes.passkey },
  password: { ...HEALTHY.password, ...changes.password },
  both: { ...HEALTHY.both, ...changes.both },
  nobody: { ...HEALTHY.nobody, ...changes.nobody },
});

const everything = (outcome: Outcome) => ({
  session: outcome,
  page: outcome,
  forwardAuth: outcome,
  addPasskey: outcome,
  removePasskey: outcome,
  signOut: outcome,
});

const page = (outcome: Outcome) =>
  but({ passkey: { page: outcome }, password: { page: outcome }, both: { page: outcome } });

const ceremonies = { addPasskey: "unavailable", removePasskey: "unavailable" } as const;

/** What people see in each case: what the tests hold the gateway to, and what docs/operations.md shows. */
export const FAULT_TABLE: readonly FaultRow[] = [
  {
    part: "Kratos",
    faults: ["refused", "hanging", "hangingMidway", "halfAnswers", "garbage", "errors", "noDatabase"],
    cells: but({
      password: everything("unavailable"),
      both: { signOut: "unavailable" },
      nobody: { passkeySignIn: "unavailable", passwordSignIn: "unavailable", recoveryCode: "unavailable" },
    }),
  },
  { part: "Kratos", faults: ["slow"], cells: HEALTHY },
  {
    part: "Redis",
    faults: ["refused", "hanging", "hangingMidway", "halfAnswers", "endedAnswers", "garbage"],
    cells: but({
      passkey: everything("unavailable"),
      password: { addPasskey: "unavailable" },
      both: { addPasskey: "unavailable", signOut: "unavailable" },
      nobody: { addPasskey: "unavailable", passkeySignIn: "unavailable", recoveryCode: "unavailable" },
    }),
  },
  { part: "Redis", faults: ["slow"], cells: HEALTHY },
  {
    part: "Redis",
    faults: ["fullMemory"],
    cells: but({
      passkey: { addPasskey: "unavailable" },
      password: { addPasskey: "unavailable" },
      both: { addPasskey: "unavailable" },
      nobody: { addPasskey: "unavailable", passkeySignIn: "unavailable", recoveryCode: "unavailable" },
    }),
  },
  {
    part: "PostgreSQL",
    faults: ["refused", "hanging", "hangingMidway", "halfAnswers", "garbage"],
    cells: but({
      passkey: ceremonies,
      password: ceremonies,
      both: ceremonies,
      nobody: { passkeySignIn: "unavailable", recoveryCode: "unavailable" },
    }),
  },
  { part: "PostgreSQL", faults: ["slow"], cells: HEALTHY },
  {
    part: "PostgreSQL",
    faults: ["fullDisk"],
    cells: but({
      passkey: { addPasskey: "unavailable" },
      password: { addPasskey: "unavailable" },
      both: { addPasskey: "unavailable" },
    }),
  },
  { part: "the mail server", faults: ["refused", "hanging", "garbage"], cells: HEALTHY },
  { part: "the application", faults: ["refused", "halfAnswers", "garbage"], cells: page("badGateway") },
  { part: "the application", faults: ["hanging"], cells: page("gatewayTimeout") },
  { part: "the application", faults: ["errors"], cells: page("itsError") },
  { part: "the application", faults: ["slow"], cells: HEALTHY },
];
