import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAuthority } from "../../test/support/certificate-authority.ts";
import { type LoopbackServer, startLoopbackServer } from "../../test/support/loopback-server.ts";
import { FIDO_ALLIANCE } from "./metadata-blob.ts";
import { metadataSource, metadataTrust, trustName } from "./metadata-source.ts";

const NONE = { file: undefined, url: undefined, rootFile: undefined };
const never = new AbortController().signal;

let folder: string;
let server: LoopbackServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "passbridge-metadata-"));
  server = await startLoopbackServer((request, response) => {
    if (request.url === "/blob") response.end("a.b.c\n");
    if (request.url === "/moved") response.writeHead(302, { location: "/blob" }).end();
    if (request.url === "/gone") response.writeHead(404).end("a.b.c");
    if (request.url === "/endless") {
      const more = () => {
        while (response.write(Buffer.alloc(1_048_576, 65)));
      };
      response.on("drain", more);
      more();
    }
  });
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

const at = (path: string) => metadataSource({ ...NONE, url: new URL(path, server.url) });

test("without a setting there is no source", () => {
  expect(metadataSource(NONE)).toBeNull();
});

describe("a server", () => {
  test.each(["/blob", "/moved"])("%s hands out what it has", async (path) => {
    expect(await at(path)?.read(never)).toBe("a.b.c");
  });

  test("without them, or with too much, is refused", async () => {
    await expect(at("/gone")?.read(never)).rejects.toThrow(/404/);
    await expect(at("/endless")?.read(never)).rejects.toThrow(/larger/);
  });

  test("that does not answer is left when the gateway closes", async () => {
    const closing = new AbortController();
    const reading = at("/silent")?.read(closing.signal);
    closing.abort();
    await expect(reading).rejects.toThrow(/abort/);
  });
});

test("a file is read, one that is too large or missing is refused", async () => {
  const file = join(folder, "blob.jwt");
  const source = metadataSource({ ...NONE, file });
  await expect(source?.read(never)).rejects.toThrow(/ENOENT/);
  await writeFile(file, " a.b.c\n");
  expect(await source?.read(never)).toBe("a.b.c");
  await truncate(file, 65 * 1024 * 1024);
  await expect(source?.read(never)).rejects.toThrow(/larger/);
});

describe("the roots", () => {
  test("are the FIDO Alliance's, and only for its own name", async () => {
    const trust = await metadataTrust(NONE);
    expect(trust).toBe(FIDO_ALLIANCE);
    expect(trust.roots.length).toBeGreaterThan(0);
    expect(trust.signer).toBe("mds.fidoalliance.org");
  });

  test("are those of a file, and each file has a name of its own", async () => {
    const file = join(folder, "roots.pem");
    const [one, two] = [await createAuthority("CN=One"), await createAuthority("CN=Two")];
    await writeFile(file, `One:\n${one.pem}\n\n${two.pem}\n`);
    const trust = await metadataTrust({ ...NONE, rootFile: file });
    expect(trust).toMatchObject({ signer: null, roots: [one.pem.trim(), two.pem.trim()] });
    const names = [FIDO_ALLIANCE, trust, { ...trust, roots: trust.roots.slice(1) }].map(trustName);
    expect(new Set(names).size).toBe(3);
    for (const name of names) expect(name).toMatch(/^[0-9a-f]{64}$/);
  });

  test("cannot be none", async () => {
    const file = join(folder, "empty.pem");
    await writeFile(file, "nothing");
    for (const rootFile of [file, join(folder, "missing.pem")])
      await expect(metadataTrust({ ...NONE, rootFile })).rejects.toThrow(/FIDO_METADATA_ROOT_FILE/);
  });
});
