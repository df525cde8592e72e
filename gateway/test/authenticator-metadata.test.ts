import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Knex } from "knex";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { createDatabase } from "../src/database.ts";
import { type AuthenticatorMetadata, createAuthenticatorMetadata } from "../src/passkeys/authenticator-metadata.ts";
import type { MetadataTrust } from "../src/passkeys/metadata-blob.ts";
import { metadataSource, trustName } from "../src/passkeys/metadata-source.ts";
import { createPostgresMetadataStore } from "../src/passkeys/metadata-store.ts";
import { type Authority, createAuthority } from "./support/certificate-authority.ts";
import { createMetadataSigner, type MetadataIssue, type MetadataSigner } from "./support/metadata-signer.ts";
import { createTestDatabase } from "./support/start-gateway.ts";

const DAY = 86_400_000;
const MINUTE = 60_000;
const MODEL = randomUUID();
const NEWER = randomUUID();

let database: Knex;
let server: Server;
let maker: Authority;
let root: Authority;
let signer: MetadataSigner;

/** What the metadata server answers; null: it breaks the connection. */
let served: { status?: number; body: string } | null = null;
let asked = 0;
let now = Date.now();
const open: AuthenticatorMetadata[] = [];
const audited: { event: string; reason?: unknown; number?: unknown }[] = [];

const issue = (no: number, more: Partial<MetadataIssue> = {}) =>
  signer.sign({ no, models: [{ aaguid: no > 1 ? NEWER : MODEL, roots: [maker] }], ...more });
const serve = async (blob: string | Promise<string>) => {
  served = { body: await blob };
};

beforeAll(async () => {
  database = createDatabase(await createTestDatabase());
  [maker, root] = [await createAuthority("CN=Maker Root"), await createAuthority("CN=Metadata Root")];
  signer = await createMetadataSigner(root);
  server = createServer((request, response) => {
    asked += 1;
    if (!served) return void request.socket.destroy();
    response.statusCode = served.status ?? 200;
    response.end(served.body);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await database.destroy();
});
beforeEach(async () => {
  await database("fido_metadata").delete();
  [served, asked, now] = [null, 0, Date.now()];
  audited.length = 0;
});
afterEach(() => {
  for (const metadata of open.splice(0)) metadata.close();
});

/** The job that waits, and how long it would. */
type Waiting = { delay: number; job: () => void };

/** A gateway's metadata; `tick` lets its timer run out, and answers when the next one is set. */
async function start(trust: MetadataTrust = { roots: [root.pem], signer: null }) {
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/blob`);
  const source = metadataSource({ file: undefined, url, rootFile: undefined });
  if (!source) throw new Error("no source");
  const waiting: Waiting[] = [];
  const metadata = await createAuthenticatorMetadata({
    source,
    trust,
    store: createPostgresMetadataStore(database, trustName(trust)),
    clock: () => new Date(now),
    log: { info: vi.fn(), warn: vi.fn() },
    audit: ({ event, detail }) => audited.push({ event, ...detail }),
    later: (delay, job) => {
      const entry = { delay, job };
      waiting.push(entry);
      return () => void waiting.splice(waiting.indexOf(entry), 1);
    },
  });
  open.push(metadata);
  const settled = async () => {
    await expect.poll(() => waiting.length).toBe(1);
    return waiting[0]?.delay ?? 0;
  };
  const tick = async () => {
    await settled();
    waiting.shift()?.job();
    return settled();
  };
  return { metadata, waiting, settled, tick };
}

const knows = (metadata: AuthenticatorMetadata, model: string) => metadata.find(model) !== undefined;

describe("metadata from a server", () => {
  test("are in force once they are verified, and read again after a day", async () => {
    await serve(issue(1));
    const { metadata, settled } = await start();
    expect(await settled()).toBe(DAY);
    expect(metadata.find(MODEL)?.roots).toHaveLength(1);
    expect(metadata.find(MODEL)?.statuses(new Date())).toEqual(["FIDO_CERTIFIED_L1"]);
    expect(audited).toEqual([expect.objectContaining({ event: "fido_metadata.updated", number: 1 })]);
  });

  test("are read again by their next issue, when it is sooner", async () => {
    await serve(issue(1, { days: 1 }));
    const { settled } = await start();
    const delay = await settled();
    expect(delay).toBeGreaterThan(0);
    expect(delay).toBeLessThanOrEqual(DAY);
  });

  test("that are out of date make way for the next issue", async () => {
    await serve(issue(1, { days: 10 }));
    const { metadata, settled, tick } = await start();
    await settled();
    now += 20 * DAY;
    await serve(issue(2, { days: 50 }));
    expect(await tick()).toBe(DAY);
    expect([knows(metadata, MODEL), knows(metadata, NEWER)]).toEqual([false, true]);
  });

  test("that are out of date stay while there is no newer issue, and it is asked for ever less often", async () => {
    await serve(issue(1, { days: 10 }));
    const { metadata, settled, tick } = await start();
    await settled();
    now += 20 * DAY;
    expect([await tick(), await tick(), await tick()]).toEqual([MINUTE, 2 * MINUTE, 4 * MINUTE]);
    for (let count = 0; count < 12; count += 1) await tick();
    expect(await tick()).toBe(360 * MINUTE);
    expect(knows(metadata, MODEL)).toBe(true);
  });

  test("stay while the server is away, which it may be for long, and go on when it is back", async () => {
    await serve(issue(1));
    const { metadata, settled, tick } = await start();
    await settled();
    served = null;
    expect([await tick(), await tick()]).toEqual([MINUTE, 2 * MINUTE]);
    served = { status: 500, body: "" };
    expect(await tick()).toBe(4 * MINUTE);
    expect(knows(metadata, MODEL)).toBe(true);
    await serve(issue(2));
    expect(await tick()).toBe(DAY);
    expect(knows(metadata, NEWER)).toBe(true);
    expect(audited.map(({ event }) => event)).toEqual(["fido_metadata.updated", "fido_metadata.updated"]);
  });

  test("are not asked for any more after the end", async () => {
    await serve(issue(1));
    const { metadata, waiting, settled } = await start();
    await settled();
    metadata.close();
    expect(waiting).toEqual([]);
  });

  test("that cost nothing when they are the same", async () => {
    await serve(issue(1));
    const { settled, tick } = await start();
    await settled();
    expect(await tick()).toBe(DAY);
    expect(asked).toBe(2);
    expect(audited).toHaveLength(1);
  });
});

describe("metadata are refused, audited and leave the old ones in force", () => {
  const other = { days: 40, models: [{ aaguid: NEWER, roots: [] }] };
  const bad: Readonly<Record<string, () => Promise<string>>> = {
    "when they are older": () => issue(4),
    "when they are signed by someone of another root": async () =>
      (await createMetadataSigner(await createAuthority("CN=Metadata Root"))).sign({ no: 6, ...other }),
    "when the signer's certificate has run out": async () =>
      (await createMetadataSigner(root, { days: -1 })).sign({ no: 6, ...other }),
    "when they are changed": async () => {
      const [header, , signature] = (await issue(6)).split(".");
      const [, payload] = (await signer.sign({ no: 6, ...other })).split(".");
      return [header, payload, signature].join(".");
    },
    "when they are not signed": async () => {
      const [header, payload] = (await issue(6)).split(".");
      return `${header}.${payload}.`;
    },
    "when no algorithm is named": async () => {
      const [, payload] = (await issue(6)).split(".");
      const { x5c } = JSON.parse(Buffer.from((await issue(6)).split(".")[0] ?? "", "base64url").toString());
      return `${Buffer.from(JSON.stringify({ alg: "none", x5c })).toString("base64url")}.${payload}.`;
    },
    "when they are out of date already": () => issue(6, { days: -2 }),
    "when they have another shape": () => issue(6, { changes: { entries: [{ aaguid: 7 }] } }),
    "when their number is none": () => issue(6, { changes: { no: "7" } }),
    "when their day is none": () => issue(6, { changes: { nextUpdate: "soon" } }),
    "when they are no JWT": async () => "<html>Not here</html>",
    "when they are empty": async () => "",
  };

  test.each(Object.entries(bad))("%s", async (_what, make) => {
    await serve(issue(5));
    const { metadata, settled, tick } = await start();
    await settled();
    audited.length = 0;
    await serve(make());
    expect(await tick()).toBe(MINUTE);
    expect(metadata.find(NEWER)?.roots).toHaveLength(1);
    expect(audited).toEqual([{ event: "fido_metadata.refused", reason: expect.any(String) }]);
    expect(await database("fido_metadata").select("number")).toEqual([{ number: 5 }]);
  });

  test("when another than the named one signed them, though the root vouches for both", async () => {
    await serve(issue(1));
    const stranger = await start({ roots: [root.pem], signer: "mds.fidoalliance.org" });
    await stranger.settled();
    expect(knows(stranger.metadata, MODEL)).toBe(false);
    expect(audited).toEqual([{ event: "fido_metadata.refused", reason: expect.stringMatching(/not signed by/) }]);

    const named = await start({ roots: [root.pem], signer: "metadata.example" });
    await named.settled();
    expect(knows(named.metadata, MODEL)).toBe(true);
  });
});

describe("a restart", () => {
  test("without the server goes on with what was kept", async () => {
    await serve(issue(3));
    await (await start()).settled();
    served = null;
    const { metadata, settled } = await start();
    expect(knows(metadata, NEWER)).toBe(true);
    expect(await settled()).toBe(MINUTE);
  });

  test("keeps to the newest, also when the server has an older issue", async () => {
    await serve(issue(3));
    await (await start()).settled();
    await serve(issue(1));
    const { metadata, settled } = await start();
    await settled();
    expect([knows(metadata, MODEL), knows(metadata, NEWER)]).toEqual([false, true]);
  });

  test("with other roots believes nothing that was kept", async () => {
    await serve(issue(3));
    await (await start()).settled();
    const elsewhere = await createAuthority("CN=Other Metadata Root");
    const { metadata, settled } = await start({ roots: [elsewhere.pem], signer: null });
    await settled();
    expect(knows(metadata, NEWER)).toBe(false);
  });

  test("with a kept issue that cannot be read is one without", async () => {
    const trust = trustName({ roots: [root.pem], signer: null });
    await database("fido_metadata").insert({ trust, blob: "junk", number: 9, fetched_at: new Date() });
    await serve(issue(10));
    const { metadata, settled } = await start();
    await settled();
    expect(knows(metadata, NEWER)).toBe(true);
  });
});

test("what one replica fetched, the others take, and an older issue never takes a newer one's place", async () => {
  await serve(issue(1));
  const [one, two] = [await start(), await start()];
  await Promise.all([one.settled(), two.settled()]);
  await serve(issue(2));
  await one.tick();
  served = null;
  await two.tick();
  expect(knows(two.metadata, NEWER)).toBe(true);

  const trust = trustName({ roots: [root.pem], signer: null });
  await createPostgresMetadataStore(database, trust).keep({ blob: await issue(1), number: 1, fetchedAt: new Date() });
  expect(await database("fido_metadata").select("number")).toEqual([{ number: 2 }]);
});
