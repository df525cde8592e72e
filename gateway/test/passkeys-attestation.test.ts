import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { validateCertificatePath } from "@simplewebauthn/server/helpers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { firstPolicy, type PasskeyPolicy } from "../src/policy/passkey-policy.ts";
import type { CborData } from "./support/authenticator-keys.ts";
import { type AttestationKey, attestationKey } from "./support/authenticator-maker.ts";
import { createBrowser } from "./support/browser.ts";
import { type Authority, createAuthority } from "./support/certificate-authority.ts";
import { createMetadataSigner, dayFromNow } from "./support/metadata-signer.ts";
import { createPasskeyFor } from "./support/passkey-steps.ts";
import { createPasskeyWorld, login, type PasskeyWorld, problem, register } from "./support/passkey-world.ts";
import { createPerson, signUp } from "./support/people.ts";
import { startGateway } from "./support/start-gateway.ts";

const MODELS = {
  good: randomUUID(),
  other: randomUUID(),
  plain: randomUUID(),
  revoked: randomUUID(),
  bypassed: randomUUID(),
  soonCertified: randomUUID(),
  rootless: randomUUID(),
};
const DIRECT: Partial<PasskeyPolicy> = { attestation: "direct" };
const CERTIFIED: Partial<PasskeyPolicy> = { attestation: "direct", requireCertified: true };
const notAllowed = problem(403, "authenticator_not_allowed");

let policy: PasskeyPolicy = firstPolicy(20);
let world: PasskeyWorld;
let maker: Authority;
let stranger: Authority;
let folder: string;
let revocations: Server;
let revocationsUrl: string;
let fetches = 0;

async function writeMetadata() {
  const metadataRoot = await createAuthority("CN=Metadata Root");
  const signer = await createMetadataSigner(metadataRoot);
  const roots = [maker];
  const blob = await signer.sign({
    no: 7,
    models: [
      { aaguid: MODELS.good, roots: [stranger, maker] },
      { aaguid: MODELS.other, roots: [stranger] },
      { aaguid: MODELS.plain, roots, statuses: ["NOT_FIDO_CERTIFIED"] },
      { aaguid: MODELS.revoked, roots, statuses: ["FIDO_CERTIFIED_L2", "REVOKED"] },
      { aaguid: MODELS.bypassed, roots, statuses: ["USER_VERIFICATION_BYPASS", "FIDO_CERTIFIED_L1"] },
      {
        aaguid: MODELS.soonCertified,
        roots,
        statuses: [{ status: "FIDO_CERTIFIED_L1", effectiveDate: dayFromNow(3) }],
      },
      { aaguid: MODELS.rootless, roots: [] },
    ],
  });
  await writeFile(join(folder, "blob.jwt"), `${blob}\n`);
  await writeFile(join(folder, "root.pem"), metadataRoot.pem);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "passbridge-metadata-"));
  [maker, stranger] = [await createAuthority("CN=Maker Root"), await createAuthority("CN=Another Root")];
  revocations = createServer((_request, response) => {
    fetches += 1;
    response.end();
  });
  await new Promise<void>((resolve) => {
    revocations.listen(0, "127.0.0.1", resolve);
  });
  revocationsUrl = `http://127.0.0.1:${(revocations.address() as AddressInfo).port}/list.crl`;
  await writeMetadata();
  world = await createPasskeyWorld({
    env: { FIDO_METADATA_FILE: join(folder, "blob.jwt"), FIDO_METADATA_ROOT_FILE: join(folder, "root.pem") },
    overrides: { policy: async () => policy },
  });
});
afterAll(async () => {
  await world.stop();
  revocations.close();
  await rm(folder, { recursive: true });
});

async function registerUnder(changes: Partial<PasskeyPolicy>, attestation: AttestationKey, tampering = {}) {
  policy = { ...firstPolicy(20), ...changes };
  const authenticator = world.authenticator({ attestation });
  return { authenticator, answer: await register(world.browser(world.people.add()), authenticator, tampering) };
}

const verified = { status: 201, body: { passkey: { attestation: "verified" } } };

describe("a make is verified", () => {
  test("by a certificate of its model's root, and the passkey signs in", async () => {
    const { answer, authenticator } = await registerUnder(CERTIFIED, await attestationKey(maker, MODELS.good));
    expect(answer).toMatchObject(verified);
    expect(answer.body.passkey).toMatchObject({ aaguid: MODELS.good });
    expect(await login(world.browser(), authenticator)).toMatchObject({ status: 200 });
  });

  test("through an authority in between that is sent along, and with the root sent along", async () => {
    const between = await maker.intermediate("CN=Between");
    for (const above of [[between], [between, maker]]) {
      const key = await attestationKey(between, MODELS.good, { above });
      expect((await registerUnder(DIRECT, key)).answer).toMatchObject(verified);
    }
  });

  test("for an enterprise, too", async () => {
    const key = await attestationKey(maker, MODELS.good);
    expect((await registerUnder({ attestation: "enterprise" }, key)).answer).toMatchObject(verified);
  });

  test("though nobody demands it, where a statement comes all the same", async () => {
    const key = await attestationKey(maker, MODELS.good);
    expect((await registerUnder({}, key, { format: "packed" })).answer).toMatchObject(verified);
  });
});

describe("a make is not verified", () => {
  const unverified: Readonly<Record<string, () => Promise<AttestationKey>>> = {
    "by a stranger's root": () => attestationKey(stranger, MODELS.plain),
    "by another model's root": () => attestationKey(maker, MODELS.other),
    "where the metadata do not know the model": () => attestationKey(maker),
    "where the metadata name no root": () => attestationKey(maker, MODELS.rootless),
    "by a root of the same name": async () => attestationKey(await createAuthority("CN=Maker Root"), MODELS.good),
    "through an authority that is not sent along": async () =>
      attestationKey(await maker.intermediate("CN=Between"), MODELS.good),
    "through an authority that has run out": async () => {
      const between = await maker.intermediate("CN=Between", { days: -1 });
      return attestationKey(between, MODELS.good, { above: [between] });
    },
    "through a certificate that is no authority's": async () => {
      const between = await maker.intermediate("CN=Between", { ca: false });
      return attestationKey(between, MODELS.good, { above: [between] });
    },
    "through authorities in the wrong order": async () => {
      const upper = await maker.intermediate("CN=Upper");
      const lower = await upper.intermediate("CN=Lower");
      return attestationKey(lower, MODELS.good, { above: [upper, lower] });
    },
    "by a certificate with more behind it than it needs": () =>
      attestationKey(maker, MODELS.good, { above: [maker, stranger] }),
  };

  test.each(Object.entries(unverified))("%s", async (_what, make) => {
    const key = await make();
    expect((await registerUnder(DIRECT, key)).answer).toMatchObject(notAllowed);
    const unasked = await registerUnder({}, key, { format: "packed" });
    expect(unasked.answer).toMatchObject({ status: 201, body: { passkey: { attestation: "unverified" } } });
  });

  test.each<[string, Parameters<typeof attestationKey>[2], object]>([
    ["a certificate that has run out", { days: -1 }, {}],
    ["a certificate of another model", { aaguid: MODELS.other }, {}],
    ["a certificate that is an authority's", { ca: true }, {}],
    ["a certificate of another kind", { subject: "CN=Web server" }, {}],
    ["a model claimed after signing", {}, { aaguid: MODELS.plain }],
    [
      "a signature over something else",
      {},
      {
        authenticatorDataAfter: (data: Buffer) =>
          Buffer.concat([data.subarray(0, 36), Buffer.from([9]), data.subarray(37)]),
      },
    ],
  ])("by %s: the statement itself is wrong", async (_what, wish, tampering) => {
    const key = await attestationKey(maker, MODELS.good, wish ?? {});
    const { answer } = await registerUnder(DIRECT, key, tampering);
    expect(answer).toMatchObject(problem(400, "verification_failed"));
  });
});

describe("the model's status", () => {
  test.each(["revoked", "bypassed"] as const)("%s is refused, whatever is asked and claimed", async (model) => {
    const key = await attestationKey(maker, MODELS[model]);
    for (const changes of [{}, DIRECT, CERTIFIED]) {
      const { answer } = await registerUnder(changes, key);
      expect(answer).toMatchObject(notAllowed);
      expect(answer.body.detail).toMatch(/compromised/);
    }
  });

  test.each(["plain", "soonCertified"] as const)("%s is enough unless a certification is asked for", async (model) => {
    const key = await attestationKey(maker, MODELS[model]);
    expect((await registerUnder(DIRECT, key)).answer).toMatchObject(verified);
    const { answer } = await registerUnder(CERTIFIED, key);
    expect(answer).toMatchObject(notAllowed);
    expect(answer.body.detail).toMatch(/certification/);
  });
});

const toPem = (der: Buffer) => `-----BEGIN CERTIFICATE-----\n${der.toString("base64")}\n-----END CERTIFICATE-----`;

describe("no address that a certificate names is fetched", () => {
  test("though the library would, given the root", async () => {
    const { certificates } = await attestationKey(maker, MODELS.good, { revocations: revocationsUrl });
    await validateCertificatePath(certificates.map(toPem), [maker.pem]);
    expect(fetches).toBeGreaterThan(0);
  });

  test.each(["packed", "apple", "fido-u2f", "tpm", "android-key", "android-safetynet"])("for %s", async (format) => {
    fetches = 0;
    const between = await maker.intermediate("CN=Between", { revocations: revocationsUrl });
    for (const [signer, above] of [
      [maker, []],
      [between, [between]],
      [stranger, [stranger]],
    ] as const) {
      const key = await attestationKey(signer, MODELS.good, { above, revocations: revocationsUrl });
      const statement = new Map<string | number, CborData>([
        ["alg", -7],
        ["sig", randomBytes(70)],
        ["x5c", [...key.certificates]],
      ]);
      const forged = { format, statement, ...(format === "fido-u2f" && { aaguid: "0".repeat(32) }) };
      for (const tampering of [forged, { format }]) {
        for (const changes of [DIRECT, {}]) await registerUnder(changes, key, tampering);
      }
    }
    expect(fetches).toBe(0);
  });
});

describe("a gateway with a metadata server", () => {
  test("starts without waiting for it, verifies once it answered, and after a restart without it", async () => {
    const [metadataRoot, aaguid] = [await createAuthority("CN=Metadata Root"), randomUUID()];
    const signer = await createMetadataSigner(metadataRoot);
    const blob = await signer.sign({ no: 1, models: [{ aaguid, roots: [maker] }] });
    const rootFile = join(folder, "server-root.pem");
    await writeFile(rootFile, metadataRoot.pem);
    const silent: ServerResponse[] = [];
    const metadataServer = createServer((_request, response) => void silent.push(response));
    await new Promise<void>((resolve) => {
      metadataServer.listen(0, "127.0.0.1", resolve);
    });
    const env = {
      FIDO_METADATA_URL: `http://127.0.0.1:${(metadataServer.address() as AddressInfo).port}/`,
      FIDO_METADATA_ROOT_FILE: rootFile,
    };
    const policyNow = { ...firstPolicy(20), ...CERTIFIED };
    const overrides = { policy: async () => policyNow };
    const attestation = await attestationKey(maker, aaguid);
    const attempt = (one: PasskeyWorld) =>
      register(one.browser(one.people.add()), one.authenticator({ attestation })).then(({ status }) => status);

    const first = await createPasskeyWorld({ env, overrides });
    const databaseUrl = first.gateway.config.databaseUrl;
    try {
      expect(await attempt(first)).toBe(403);
      await expect.poll(() => silent.length).toBe(1);
      silent[0]?.end(blob);
      await expect.poll(() => attempt(first)).toBe(201);
      await expect.poll(() => first.database("fido_metadata").count({ count: "*" })).toEqual([{ count: "1" }]);
    } finally {
      await first.stop();
      metadataServer.closeAllConnections();
      metadataServer.close();
    }

    const second = await startGateway({ env: { DATABASE_URL: databaseUrl, ...env }, overrides });
    try {
      const person = createBrowser(second.origin);
      await signUp(person, createPerson());
      expect((await createPasskeyFor(person, { attestation })).credentialId).toBeTruthy();
    } finally {
      await second.stop();
    }
  });
});
