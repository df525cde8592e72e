import { randomUUID } from "node:crypto";
import { OutageError } from "../../src/errors.ts";
import type { KratosClient } from "../../src/kratos/kratos-client.ts";
import type { Identity } from "../../src/sessions/session.ts";

/** A person as Kratos holds them; a test changes the members to change Kratos' mind. */
export type KratosPerson = {
  identity: Identity;
  /** The value of Kratos' session cookie. */
  readonly cookie: string;
  readonly sessionId: string;
  active: boolean;
  deleted: boolean;
  hasPassword: boolean;
  hasCode: boolean;
  authenticatedAt: Date;
};

type PersonChanges = Partial<Pick<KratosPerson, "hasPassword" | "hasCode" | "authenticatedAt">> & {
  readonly roles?: readonly string[];
};

export type KratosPeople = {
  readonly client: KratosClient;
  readonly add: (changes?: PersonChanges) => KratosPerson;
  /** While true every question is an outage. */
  away: boolean;
};

const DAY = 86_400_000;

function newPerson(roles: readonly string[]): KratosPerson {
  const id = randomUUID();
  const email = `${id.slice(0, 8)}@example.com`;
  return {
    identity: { id, email, emailVerified: true, name: null, roles, traits: { email } },
    cookie: randomUUID(),
    sessionId: randomUUID(),
    active: true,
    deleted: false,
    hasPassword: true,
    hasCode: false,
    authenticatedAt: new Date(),
  };
}

/** A Kratos port whose people a test can deactivate, delete and sign in at will: what the real one has no quick way for. */
export function createKratosPeople(): KratosPeople {
  const people: KratosPerson[] = [];
  const asked = async <T>(answer: () => T): Promise<T> => {
    if (state.away) throw new OutageError("kratos", new Error("away"));
    return answer();
  };
  const known = (fits: (person: KratosPerson) => boolean) => people.find((person) => !person.deleted && fits(person));
  const record = (person: KratosPerson | undefined) =>
    person
      ? {
          identity: person.identity,
          active: person.active,
          hasPassword: person.hasPassword,
          hasCode: person.hasCode,
        }
      : null;
  const spelling = (email: string) => email.trim().toLowerCase();

  const client: KratosClient = {
    whoami: async (cookie) => {
      if (state.away) return { kind: "unavailable", cause: new OutageError("kratos", new Error("away")) };
      const person = known((candidate) => candidate.active && candidate.cookie === cookie);
      if (!person) return { kind: "none" };
      const { sessionId: id, authenticatedAt, identity } = person;
      const expiresAt = new Date(authenticatedAt.getTime() + DAY);
      const proof = { kind: "password", methods: ["password"], aal: "aal1", amr: ["pwd"] } as const;
      return { kind: "session", session: { ...proof, id, authenticatedAt, expiresAt, identity } };
    },
    findIdentity: (id) => asked(() => record(known((person) => person.identity.id === id))),
    findIdentityByEmail: (email) =>
      asked(() => record(known(({ identity }) => spelling(identity.email) === spelling(email)))),
    createIdentity: ({ email, name }) =>
      asked(() => {
        if (known(({ identity }) => spelling(identity.email) === spelling(email))) return null;
        const person = { ...newPerson([]), hasPassword: false };
        person.identity = { ...person.identity, email, name, emailVerified: false, traits: { email, name } };
        people.push(person);
        return person.identity;
      }),
    deleteIdentity: (id) =>
      asked(() => {
        for (const person of people) if (person.identity.id === id) person.deleted = true;
      }),
    sendVerification: () => asked(randomUUID),
    removePassword: (id) =>
      asked(() => {
        const person = known((candidate) => candidate.identity.id === id);
        const had = person?.hasPassword ?? false;
        if (person) person.hasPassword = false;
        return had;
      }),
    endSession: () => asked(() => undefined),
    sessionsOf: (id) =>
      asked(() => {
        const person = known(({ identity }) => identity.id === id);
        if (!person?.active) return [];
        const { sessionId, authenticatedAt: createdAt } = person;
        const expiresAt = new Date(createdAt.getTime() + DAY);
        const place = { userAgent: null, ip: null };
        return [{ kind: "password", id: sessionId, authMethod: "password", aal: "aal1", place, createdAt, expiresAt }];
      }),
    endOtherSessionsOf: () => asked(() => []),
    createRecoveryCode: () => asked(() => ({ flowId: randomUUID(), code: "123456", expiresAt: new Date() })),
    ready: () => asked(() => undefined),
  };
  const state: KratosPeople = {
    client,
    away: false,
    add: ({ roles = [], ...changes } = {}) => {
      const person = { ...newPerson(roles), ...changes };
      people.push(person);
      return person;
    },
  };
  return state;
}
