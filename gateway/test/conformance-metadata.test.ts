import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AttestationKey, type AttestationWish, attestationKey } from "./support/authenticator-maker.ts";
import { type Authority, createAuthority } from "./support/certificate-authority.ts";
import {
  type AttestationCase,
  attestationStatement,
  type ConformanceWorld,
  createConformanceWorld,
  FAILED,
  OK,
} from "./support/conformance-world.ts";
import { createMetadataSigner } from "./support/metadata-signer.ts";

const GOOD = randomUUID();
const COMPROMISED = ["USER_VERIFICATION_BYPASS", "ATTESTATION_KEY_COMPROMISE", "REVOKED"].map((status) => ({
  status,
  aaguid: randomUUID(),
}));

let folder: string;
let world: ConformanceWorld;
let maker: Authority;
let between: Authority;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "passbridge-conformance-"));
  maker = await createAuthority("CN=Maker Root");
  between = await maker.intermediate("CN=Between");
  const root = await createAuthority("CN=Metadata Root");
  const models = [
    { aaguid: GOOD, roots: [maker] },
    ...COMPROMISED.map(({ aaguid, status }) => ({ aaguid, roots: [maker], statuses: [status] })),
  ];
  await writeFile(join(folder, "blob.jwt"), await (await createMetadataSigner(root)).sign({ no: 1, models }));
  await writeFile(join(folder, "root.pem"), root.pem);
  world = await createConformanceWorld({
    FIDO_METADATA_FILE: join(folder, "blob.jwt"),
    FIDO_METADATA_ROOT_FILE: join(folder, "root.pem"),
  });
});
afterAll(async () => {
  await world.stop();
  await rm(folder, { recursive: true });
});

const attest = (attestation: AttestationKey, sent: AttestationCase = {}) =>
  world.attest(randomUUID(), world.authenticator({ attestation }), sent, { attestation: "direct" });

const key = (wish: AttestationWish = {}, issuer = maker) => attestationKey(issuer, GOOD, wish);

describe("packed attestation by a maker's certificate (Resp-5)", () => {
  it("P-1: is accepted", async () => {
    expect(await attest(await key())).toEqual(OK);
  });

  it("P-2: through a chain that leads to the metadata's root, is accepted", async () => {
    expect(await attest(await key({ above: [between] }, between))).toEqual(OK);
  });

  it.each<[string, () => Promise<AttestationKey>]>([
    ["F-6: with a certificate that ran out", () => key({ days: -1 })],
    ["F-9: with a certificate of somebody else", async () => key({}, await createAuthority("CN=Maker Root"))],
    ["F-9: without the certificate in between", () => key({}, between)],
    ["F-11: with its chain in the wrong order", () => key({ above: [maker, between] }, between)],
    [
      "F-12: with a certificate in between that ran out",
      async () => {
        const old = await maker.intermediate("CN=Old", { days: -1 });
        return key({ above: [old] }, old);
      },
    ],
    [
      "F-14: signed with another key than the certificate's",
      async () => ({ ...(await key()), sign: () => randomBytes(70) }),
    ],
  ])("%s is refused", async (_what, make) => {
    expect(await attest(await make())).toEqual(FAILED);
  });

  it.each<[string, AttestationCase]>([
    ["F-2: with a signature that is none", { change: attestationStatement((map) => map.set("sig", randomBytes(70))) }],
    ["F-3: without its certificates", { change: attestationStatement((map) => map.delete("x5c")) }],
    ["F-4: with certificates that are no list", { change: attestationStatement((map) => map.set("x5c", "text")) }],
    ["F-5: with an empty list of certificates", { change: attestationStatement((map) => map.set("x5c", [])) }],
  ])("%s is refused", async (_what, sent) => {
    expect(await attest(await key(), sent)).toEqual(FAILED);
  });
});

describe("metadata", () => {
  it.each(COMPROMISED)("F-2: a model with the status $status is refused", async ({ aaguid }) => {
    expect(await attest(await attestationKey(maker, aaguid))).toEqual(FAILED);
  });
});
