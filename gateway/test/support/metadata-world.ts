import { randomUUID } from "node:crypto";
import pino from "pino";
import { expect } from "vitest";
import { createDatabase } from "../../src/database.ts";
import { type AuthenticatorMetadata, createAuthenticatorMetadata } from "../../src/passkeys/authenticator-metadata.ts";
import type { MetadataTrust } from "../../src/passkeys/metadata-blob.ts";
import { metadataSource, trustName } from "../../src/passkeys/metadata-source.ts";
import { createPostgresMetadataStore } from "../../src/passkeys/metadata-store.ts";
import { createAuthority } from "./certificate-authority.ts";
import { startLoopbackServer } from "./loopback-server.ts";
import { createMetadataSigner, type MetadataIssue } from "./metadata-signer.ts";
import { createTestDatabase } from "./start-gateway.ts";

/** The model of issue 1, and that of every later one. */
export const MODEL = randomUUID();
export const NEWER = randomUUID();

/** What a metadata server answers; null: it breaks the connection. */
type Served = { readonly status?: number; readonly body: string } | null;

async function startMetadataServer() {
  const state = { served: null as Served, asked: 0 };
  const server = await startLoopbackServer((request, response) => {
    state.asked += 1;
    if (!state.served) {
      request.socket.destroy();
      return;
    }
    response.statusCode = state.served.status ?? 200;
    response.end(state.served.body);
  });
  return { ...server, state };
}

/** The job that waits, and how long it would. */
type Waiting = { readonly delay: number; readonly job: () => void };

/** Timers in a test's hand. */
function createTimers() {
  const waiting: Waiting[] = [];
  const settled = async () => {
    await expect.poll(() => waiting.length).toBe(1);
    return waiting[0]?.delay ?? 0;
  };
  return {
    waiting,
    later: (delay: number, job: () => void) => {
      const entry = { delay, job };
      waiting.push(entry);
      return () => void waiting.splice(waiting.indexOf(entry), 1);
    },
    /** Waits until a timer is set; how long it would take. */
    settled,
    /** Lets it run out, and waits for the next one. */
    tick: async () => {
      await settled();
      waiting.shift()?.job();
      return settled();
    },
  };
}

/** A metadata server, a database, and gateways' metadata over them, with a clock and timers in the test's hand. */
export async function createMetadataWorld() {
  const database = createDatabase(await createTestDatabase());
  const server = await startMetadataServer();
  const [maker, root] = [await createAuthority("CN=Maker Root"), await createAuthority("CN=Metadata Root")];
  const signer = await createMetadataSigner(root);
  const trust: MetadataTrust = { roots: [root.pem], signer: null };
  const source = metadataSource({ file: undefined, url: server.url, rootFile: undefined });
  if (!source) throw new Error("no source");
  const audited: { event: string; reason?: unknown; number?: unknown }[] = [];
  const open: AuthenticatorMetadata[] = [];
  let now = Date.now();
  const storeOf = (believed: MetadataTrust) => createPostgresMetadataStore(database, trustName(believed));

  return {
    database,
    root,
    trust,
    signer,
    audited,
    server: server.state,
    store: storeOf(trust),
    issue: (no: number, more: Partial<MetadataIssue> = {}) =>
      signer.sign({ no, models: [{ aaguid: no > 1 ? NEWER : MODEL, roots: [maker] }], ...more }),
    serve: async (blob: string | Promise<string>) => {
      server.state.served = { body: await blob };
    },
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
    start: async (believed: MetadataTrust = trust) => {
      const timers = createTimers();
      const metadata = await createAuthenticatorMetadata({
        source,
        trust: believed,
        store: storeOf(believed),
        clock: () => new Date(now),
        log: pino({ level: "silent" }),
        audit: ({ event, detail }) => audited.push({ event, ...detail }),
        later: timers.later,
      });
      open.push(metadata);
      return { metadata, ...timers };
    },
    /** As if nothing had been yet. */
    reset: async () => {
      for (const metadata of open.splice(0)) metadata.close();
      await database("fido_metadata").delete();
      Object.assign(server.state, { served: null, asked: 0 });
      audited.length = 0;
      now = Date.now();
    },
    stop: async () => {
      for (const metadata of open) metadata.close();
      server.close();
      await database.destroy();
    },
  };
}

export const knows = (metadata: AuthenticatorMetadata, model: string) => metadata.find(model) !== undefined;
