import { randomBytes, randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { validateCertificatePath } from "@simplewebauthn/server/helpers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { firstPolicy } from "../src/policy/passkey-policy.ts";
import {
  type AttestationWorld,
  CERTIFIED,
  createAttestationWorld,
  DIRECT,
  MODELS,
} from "./support/attestation-world.ts";
import type { CborData } from "./support/authenticator-keys.ts";
import { attestationKey } from "./support/authenticator-maker.ts";
import { createBrowser } from "./support/browser.ts";
import { createAuthority } from "./support/certificate-authority.ts";
import { type LoopbackServer, startLoopbackServer } from "./support/loopback-server.ts";
import { createMetadataSigner } from "./support/metadata-signer.ts";
import { createPasskeyFor } from "./support/passkey-steps.ts";
import { createPasskeyWorld, type PasskeyWorld, register } from "./support/passkey-world.ts";
import { createPerson, signUp } from "./support/people.ts";
import { startGateway } from "./support/start-gateway.ts";

let world: AttestationWorld;
let lists: LoopbackServer;
let revocations: string;
let fetches = 0;
beforeAll(async () => {
  world = await createAttestationWorld();
  lists = await startLoopbackServer((_request, response) => {
    fetches += 1;
    response.end();
  });
  revocations = new URL("/list.crl", lists.url).href;
});
afterAll(async () => {
  await world.stop();
  lists.close();
});

const toPem = (der: Buffer) => `-----BEGIN CERTIFICATE-----\n${der.toString("base64")}\n-----END CERTIFICATE-----`;

describe("no address that a certificate names is fetched", () => {
  test("though the library would, given the root", async () => {
    const { certificates } = await attestationKey(world.maker, MODELS.good, { revocations });
    await validateCertificatePath(certificates.map(toPem), [world.maker.pem]);
    expect(fetches).toBeGreaterThan(0);
  });

  test.each(["packed", "apple", "fido-u2f", "tpm", "android-key", "android-safetynet"])("for %s", async (format) => {
    fetches = 0;
    const between = await world.maker.intermediate("CN=Between", { revocations });
    for (const [signer, above] of [
      [world.maker, []],
      [between, [between]],
      [world.stranger, [world.stranger]],
    ] as const) {
      const key = await attestationKey(signer, MODELS.good, { above, revocations });
      const statement = new Map<string | number, CborData>([
        ["alg", -7],
        ["sig", randomBytes(70)],
        ["x5c", [...key.certificates]],
      ]);
      const forged = { format, statement, ...(format === "fido-u2f" && { aaguid: "0".repeat(32) }) };
      for (const tampering of [forged, { format }]) {
        for (const changes of [DIRECT, {}]) await world.registerUnder(changes, key, tampering);
      }
    }
    expect(fetches).toBe(0);
  });
});

describe("a gateway with a metadata server", () => {
  test("starts without waiting for it, verifies once it answered, and after a restart without it", async () => {
    const [metadataRoot, aaguid] = [await createAuthority("CN=Metadata Root"), randomUUID()];
    const signer = await createMetadataSigner(metadataRoot);
    const blob = await signer.sign({ no: 1, models: [{ aaguid, roots: [world.maker] }] });
    const rootFile = join(world.folder, "server-root.pem");
    await writeFile(rootFile, metadataRoot.pem);
    const silent: ServerResponse[] = [];
    const metadataServer = await startLoopbackServer((_request, response) => void silent.push(response));
    const env = { FIDO_METADATA_URL: metadataServer.url.href, FIDO_METADATA_ROOT_FILE: rootFile };
    const policyNow = { ...firstPolicy(20), ...CERTIFIED };
    const overrides = { policy: async () => policyNow };
    const attestation = await attestationKey(world.maker, aaguid);
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
