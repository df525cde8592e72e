import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createAuthority } from "./support/certificate-authority.ts";
import { createMetadataSigner } from "./support/metadata-signer.ts";
import { createMetadataWorld, knows, MODEL, NEWER } from "./support/metadata-world.ts";

const MINUTE = 60_000;

let world: Awaited<ReturnType<typeof createMetadataWorld>>;
beforeAll(async () => {
  world = await createMetadataWorld();
});
afterAll(() => world.stop());
beforeEach(() => world.reset());

describe("metadata are refused, audited and leave the old ones in force", () => {
  const other = { days: 40, models: [{ aaguid: NEWER, roots: [] }] };
  const bad: Readonly<Record<string, () => Promise<string>>> = {
    "when they are older": () => world.issue(4),
    "when they are signed by someone of another root": async () =>
      (await createMetadataSigner(await createAuthority("CN=Metadata Root"))).sign({ no: 6, ...other }),
    "when the signer's certificate has run out": async () =>
      (await createMetadataSigner(world.root, { days: -1 })).sign({ no: 6, ...other }),
    "when they are changed": async () => {
      const [header, , signature] = (await world.issue(6)).split(".");
      const [, payload] = (await world.signer.sign({ no: 6, ...other })).split(".");
      return [header, payload, signature].join(".");
    },
    "when they are not signed": async () => {
      const [header, payload] = (await world.issue(6)).split(".");
      return `${header}.${payload}.`;
    },
    "when no algorithm is named": async () => {
      const [, payload] = (await world.issue(6)).split(".");
      const { x5c } = JSON.parse(Buffer.from((await world.issue(6)).split(".")[0] ?? "", "base64url").toString());
      return `${Buffer.from(JSON.stringify({ alg: "none", x5c })).toString("base64url")}.${payload}.`;
    },
    "when they are out of date already": () => world.issue(6, { days: -2 }),
    "when they have another shape": () => world.issue(6, { changes: { entries: [{ aaguid: 7 }] } }),
    "when their number is none": () => world.issue(6, { changes: { no: "7" } }),
    "when their day is none": () => world.issue(6, { changes: { nextUpdate: "soon" } }),
    "when they are no JWT": async () => "<html>Not here</html>",
    "when they are empty": async () => "",
  };

  test.each(Object.entries(bad))("%s", async (_what, make) => {
    await world.serve(world.issue(5));
    const { metadata, settled, tick } = await world.start();
    await settled();
    world.audited.length = 0;
    await world.serve(make());
    expect(await tick()).toBe(MINUTE);
    expect(metadata.find(NEWER)?.roots).toHaveLength(1);
    expect(world.audited).toEqual([{ event: "fido_metadata.refused", reason: expect.any(String) }]);
    expect(await world.database("fido_metadata").select("number")).toEqual([{ number: 5 }]);
  });

  test("when another than the named one signed them, though the root vouches for both", async () => {
    await world.serve(world.issue(1));
    const stranger = await world.start({ roots: [world.root.pem], signer: "mds.fidoalliance.org" });
    await stranger.settled();
    expect(knows(stranger.metadata, MODEL)).toBe(false);
    expect(world.audited).toEqual([{ event: "fido_metadata.refused", reason: expect.stringMatching(/not signed by/) }]);

    const named = await world.start({ roots: [world.root.pem], signer: "metadata.example" });
    await named.settled();
    expect(knows(named.metadata, MODEL)).toBe(true);
  });
});
