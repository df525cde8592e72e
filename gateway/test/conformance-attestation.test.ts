import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CborData, encodeCbor } from "./support/authenticator-keys.ts";
import {
  type AttestationCase,
  attestationObject,
  attestationStatement,
  CLIENT_DATA,
  type ConformanceWorld,
  createConformanceWorld,
  FAILED,
  member,
  OK,
} from "./support/conformance-world.ts";

let world: ConformanceWorld;
beforeAll(async () => {
  world = await createConformanceWorld();
});
afterAll(() => world.stop());

const attest = (sent: AttestationCase) =>
  world.attest(randomUUID(), world.authenticator(sent.key ? { key: sent.key } : {}), sent, { attestation: "direct" });

const flipAttested = (data: Buffer) =>
  Buffer.concat([data.subarray(0, 32), Buffer.from([(data[32] ?? 0) & ~0x40]), data.subarray(33)]);
const packed = (change: Parameters<typeof attestationStatement>[0]): AttestationCase => ({
  tampering: { format: "packed" },
  change: attestationStatement(change),
});

/** Server-ServerAuthenticatorAttestationResponse-Resp-1: the structure. */
const STRUCTURE: Readonly<Record<string, AttestationCase>> = {
  "F-1 no id": { change: member("id", undefined) },
  "F-2 an id that is no text": { change: member("id", 7) },
  "F-2 an empty id": { change: member("id", "") },
  "F-3 an id that is not base64url": { change: member("id", "not base64url!") },
  "F-4 no type": { change: member("type", undefined) },
  "F-5 a type that is no text": { change: member("type", 7) },
  "F-6 another type": { change: member("type", "private-key") },
  "F-7 no response": { change: member("response", undefined) },
  "F-8 a response that is no object": { change: member("response", "text") },
  "F-8 a response that is a list": { change: member("response", []) },
  "F-9 no client data": { change: member("response.clientDataJSON", undefined) },
  "F-10 client data that are no text": { change: member("response.clientDataJSON", 7) },
  "F-10 client data that are not base64url": { change: member("response.clientDataJSON", "{}") },
  "F-11 empty client data": { change: member("response.clientDataJSON", "") },
  "F-12 no attestation object": { change: member("response.attestationObject", undefined) },
  "F-13 an attestation object that is no text": { change: member("response.attestationObject", 7) },
  "F-14 an empty attestation object": { change: member("response.attestationObject", "") },
  "a rawId that is not the id": { change: member("rawId", randomBytes(32).toString("base64url")) },
  "a rawId that is no text": { change: member("rawId", 7) },
};

/** …-Resp-3: the attestation object. */
const OBJECT: Readonly<Record<string, AttestationCase>> = {
  "F-1 broken CBOR": { tampering: { rawAttestation: Buffer.from("ff", "hex") } },
  "F-1 CBOR that is no map": { tampering: { rawAttestation: encodeCbor([1]) } },
  "F-2 no fmt": { change: attestationObject((map) => map.delete("fmt")) },
  "F-3 a fmt that is no text": { change: attestationObject((map) => map.set("fmt", 7)) },
  "F-4 no attStmt": { change: attestationObject((map) => map.delete("attStmt")) },
  "F-5 an attStmt that is no map": { change: attestationObject((map) => map.set("attStmt", [])) },
  "F-6 no authData": { change: attestationObject((map) => map.delete("authData")) },
  "F-7 authData that are no bytes": { change: attestationObject((map) => map.set("authData", "text")) },
  "F-8 empty authData": { change: attestationObject((map) => map.set("authData", new Uint8Array())) },
  "F-9 an attested credential, AT not set": { tampering: { authenticatorDataAfter: flipAttested } },
  "F-10 no attested credential, AT not set": { tampering: { flags: { at: false } } },
  "F-11 no attested credential, AT set": { tampering: { authenticatorDataAfter: (data) => data.subarray(0, 37) } },
  "F-12 leftover bytes": { tampering: { trailing: Buffer.from([0]) } },
  "F-13 packed with an empty statement": packed((statement) => statement.clear()),
  "F-14 packed without alg": packed((statement) => statement.delete("alg")),
  "F-15 packed with an alg that is no number": packed((statement) => statement.set("alg", "-7")),
  "F-16 packed with another alg": packed((statement) => statement.set("alg", -257)),
  "F-17 packed without sig": packed((statement) => statement.delete("sig")),
  "F-18 packed with a sig that is no bytes": packed((statement) => statement.set("sig", "text")),
  "F-19 packed with an empty sig": packed((statement) => statement.set("sig", new Uint8Array())),
  "another RP ID's hash": { tampering: { rpId: "evil.example" } },
  "no user presence": { tampering: { flags: { up: false } } },
  "backed up though never eligible": { tampering: { flags: { be: false, bs: true } } },
};

/** …-Resp-5 to Resp-B: the formats. */
const FORMATS: Readonly<Record<string, AttestationCase>> = {
  "Resp-5 F-1 an unknown format": { tampering: { format: "unknown" } },
  "Resp-5 F-2 packed with a signature of something else": packed((statement) => statement.set("sig", randomBytes(70))),
  "Resp-5 F-4 packed with an x5c that is no list": packed((statement) => statement.set("x5c", "text")),
  "Resp-5 F-5 packed with an empty x5c": packed((statement) => statement.set("x5c", [])),
  "Resp-5 F-9 packed with an x5c that is no certificate": packed((statement) =>
    statement.set("x5c", [randomBytes(99)]),
  ),
  "Resp-6 F-1 self attestation with an invalid signature": packed((statement) => {
    const sig = Buffer.from(statement.get("sig") as Uint8Array);
    statement.set("sig", new Uint8Array(Buffer.concat([sig.subarray(0, -1), Buffer.from([(sig.at(-1) ?? 0) ^ 1])])));
  }),
  "Resp-7 F-1 none with a statement": {
    tampering: { statement: new Map<string | number, CborData>([["sig", randomBytes(64)]]) },
  },
  "Resp-8 fido-u2f without a certificate": { tampering: { format: "fido-u2f" } },
  "Resp-9 tpm without a statement": { tampering: { format: "tpm" } },
  "Resp-A android-key, which is not accepted here": { tampering: { format: "android-key" } },
  "Resp-B android-safetynet, which is not accepted here": { tampering: { format: "android-safetynet" } },
};

const clientData = Object.fromEntries(Object.entries(CLIENT_DATA).map(([name, tampering]) => [name, { tampering }]));

describe.each([
  ["Resp-1", STRUCTURE],
  ["Resp-2", { ...clientData, "F-5 the other ceremony's type": { tampering: { type: "webauthn.get" } } }],
  ["Resp-3", OBJECT],
  ["formats", FORMATS],
])("attestation %s", (_name, cases: Readonly<Record<string, AttestationCase>>) => {
  it.each(Object.entries(cases))("%s is refused", async (_what, sent) => {
    expect(await attest(sent)).toEqual(FAILED);
  });
});

describe("attestation", () => {
  const extensions = encodeCbor(new Map<string | number, CborData>([["example.extension", "a hobbit"]]));

  it.each<[string, AttestationCase]>([
    [
      "Resp-3 P-1 packed with extension data",
      { tampering: { format: "packed", flags: { ed: true }, trailing: extensions } },
    ],
    ["Resp-4 P-5 self attestation by RS256", { tampering: { format: "packed" }, key: "rs256" }],
    ["Resp-4 P-9 self attestation by ES256", { tampering: { format: "packed" }, key: "es256" }],
    ["Resp-4 P-12 self attestation by EdDSA", { tampering: { format: "packed" }, key: "eddsa" }],
    ["Resp-7 P-1 none", {}],
    ["a body without rawId, as the API's example has it", { change: member("rawId", undefined) }],
    ["a token binding that is supported", { tampering: { clientData: { tokenBinding: { status: "supported" } } } }],
  ])("%s is accepted", async (_what, sent) => {
    expect(await attest(sent)).toEqual(OK);
  });

  it.each(["es384", "rs256-1024", "es256-off-curve"] as const)("Resp-4: a key %s is refused", async (key) => {
    expect(await attest({ key, tampering: { format: "packed" } })).toEqual(FAILED);
  });

  it("is good once, and no credential twice", async () => {
    const { username, device } = await world.registered();
    expect(await world.attest(username, device)).toEqual(FAILED);
    let sent: unknown;
    const change = (body: unknown) => (sent = body);
    expect(await world.attest(randomUUID(), world.authenticator(), { change })).toEqual(OK);
    expect(await world.post("/attestation/result", sent)).toEqual(FAILED);
  });

  it("needs the user verification that was asked for", async () => {
    const wish = { authenticatorSelection: { userVerification: "required" } };
    const tampering = { flags: { uv: false } };
    expect(await world.attest(randomUUID(), world.authenticator(), { tampering }, wish)).toEqual(FAILED);
    expect(await world.attest(randomUUID(), world.authenticator(), { tampering })).toEqual(OK);
  });
});
