import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createAuthority } from "./support/certificate-authority.ts";
import { createMetadataWorld, knows, MODEL, NEWER } from "./support/metadata-world.ts";

const DAY = 86_400_000;
const MINUTE = 60_000;

let world: Awaited<ReturnType<typeof createMetadataWorld>>;
beforeAll(async () => {
  world = await createMetadataWorld();
});
afterAll(() => world.stop());
beforeEach(() => world.reset());

describe("metadata from a server", () => {
  test("are in force once they are verified, and read again after a day", async () => {
    await world.serve(world.issue(1));
    const { metadata, settled } = await world.start();
    expect(await settled()).toBe(DAY);
    expect(metadata.find(MODEL)?.roots).toHaveLength(1);
    expect(metadata.find(MODEL)?.statuses(new Date())).toEqual(["FIDO_CERTIFIED_L1"]);
    expect(world.audited).toEqual([expect.objectContaining({ event: "fido_metadata.updated", number: 1 })]);
  });

  test("are read again by their next issue, when it is sooner", async () => {
    await world.serve(world.issue(1, { days: 1 }));
    const { settled } = await world.start();
    const delay = await settled();
    expect(delay).toBeGreaterThan(0);
    expect(delay).toBeLessThanOrEqual(DAY);
  });

  test("that are out of date make way for the next issue", async () => {
    await world.serve(world.issue(1, { days: 10 }));
    const { metadata, settled, tick } = await world.start();
    await settled();
    world.pass(20 * DAY);
    await world.serve(world.issue(2, { days: 50 }));
    expect(await tick()).toBe(DAY);
    expect([knows(metadata, MODEL), knows(metadata, NEWER)]).toEqual([false, true]);
  });

  test("that are out of date stay while there is no newer issue, and it is asked for ever less often", async () => {
    await world.serve(world.issue(1, { days: 10 }));
    const { metadata, settled, tick } = await world.start();
    await settled();
    world.pass(20 * DAY);
    expect([await tick(), await tick(), await tick()]).toEqual([MINUTE, 2 * MINUTE, 4 * MINUTE]);
    for (let count = 0; count < 12; count += 1) await tick();
    expect(await tick()).toBe(360 * MINUTE);
    expect(knows(metadata, MODEL)).toBe(true);
  });

  test("stay while the server is away, which it may be for long, and go on when it is back", async () => {
    await world.serve(world.issue(1));
    const { metadata, settled, tick } = await world.start();
    await settled();
    world.server.served = null;
    expect([await tick(), await tick()]).toEqual([MINUTE, 2 * MINUTE]);
    world.server.served = { status: 500, body: "" };
    expect(await tick()).toBe(4 * MINUTE);
    expect(knows(metadata, MODEL)).toBe(true);
    await world.serve(world.issue(2));
    expect(await tick()).toBe(DAY);
    expect(knows(metadata, NEWER)).toBe(true);
    expect(world.audited.map(({ event }) => event)).toEqual(["fido_metadata.updated", "fido_metadata.updated"]);
  });

  test("are not asked for any more after the end", async () => {
    await world.serve(world.issue(1));
    const { metadata, waiting, settled } = await world.start();
    await settled();
    metadata.close();
    expect(waiting).toEqual([]);
  });

  test("that cost nothing when they are the same", async () => {
    await world.serve(world.issue(1));
    const { settled, tick } = await world.start();
    await settled();
    expect(await tick()).toBe(DAY);
    expect(world.server.asked).toBe(2);
    expect(world.audited).toHaveLength(1);
  });
});

describe("a restart", () => {
  test("without the server goes on with what was kept", async () => {
    await world.serve(world.issue(3));
    await (await world.start()).settled();
    world.server.served = null;
    const { metadata, settled } = await world.start();
    expect(knows(metadata, NEWER)).toBe(true);
    expect(await settled()).toBe(MINUTE);
  });

  test("keeps to the newest, also when the server has an older issue", async () => {
    await world.serve(world.issue(3));
    await (await world.start()).settled();
    await world.serve(world.issue(1));
    const { metadata, settled } = await world.start();
    await settled();
    expect([knows(metadata, MODEL), knows(metadata, NEWER)]).toEqual([false, true]);
  });

  test("with other roots believes nothing that was kept", async () => {
    await world.serve(world.issue(3));
    await (await world.start()).settled();
    const elsewhere = await createAuthority("CN=Other Metadata Root");
    const { metadata, settled } = await world.start({ roots: [elsewhere.pem], signer: null });
    await settled();
    expect(knows(metadata, NEWER)).toBe(false);
  });

  test("with a kept issue that cannot be read is one without", async () => {
    await world.store.keep({ blob: "junk", number: 9, fetchedAt: new Date() });
    await world.serve(world.issue(10));
    const { metadata, settled } = await world.start();
    await settled();
    expect(knows(metadata, NEWER)).toBe(true);
  });
});

test("what one replica fetched, the others take, and an older issue never takes a newer one's place", async () => {
  await world.serve(world.issue(1));
  const [one, two] = [await world.start(), await world.start()];
  await Promise.all([one.settled(), two.settled()]);
  await world.serve(world.issue(2));
  await one.tick();
  world.server.served = null;
  await two.tick();
  expect(knows(two.metadata, NEWER)).toBe(true);

  await world.store.keep({ blob: await world.issue(1), number: 1, fetchedAt: new Date() });
  expect(await world.database("fido_metadata").select("number")).toEqual([{ number: 2 }]);
});
