import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PasskeyPolicy } from "../../src/policy/passkey-policy.ts";
import type { AttestationKey } from "./authenticator-maker.ts";
import { type Authority, createAuthority } from "./certificate-authority.ts";
import { createMetadataSigner, dayFromNow } from "./metadata-signer.ts";
import { type Answer, register } from "./passkey-world.ts";
import { createPolicyWorld, type PolicyWorld } from "./policy-world.ts";
import type { SoftwareAuthenticator, Tampering } from "./software-authenticator.ts";

/** The models of the metadata; all but `other` and `rootless` have the maker's root. */
export const MODELS = {
  good: randomUUID(),
  other: randomUUID(),
  plain: randomUUID(),
  revoked: randomUUID(),
  bypassed: randomUUID(),
  soonCertified: randomUUID(),
  rootless: randomUUID(),
};
export const DIRECT: Partial<PasskeyPolicy> = { attestation: "direct" };
export const CERTIFIED: Partial<PasskeyPolicy> = { attestation: "direct", requireCertified: true };

/** A gateway with FIDO metadata from a file, a maker they name, and a stranger. */
export type AttestationWorld = PolicyWorld & {
  readonly maker: Authority;
  readonly stranger: Authority;
  /** For files; goes at the end. */
  readonly folder: string;
  /** Someone registers a passkey while a policy is in force. */
  readonly registerUnder: (
    changes: Partial<PasskeyPolicy>,
    attestation: AttestationKey,
    tampering?: Tampering,
  ) => Promise<{ readonly authenticator: SoftwareAuthenticator; readonly answer: Answer }>;
};

async function writeMetadata(folder: string, maker: Authority, stranger: Authority): Promise<Record<string, string>> {
  const metadataRoot = await createAuthority("CN=Metadata Root");
  const roots = [maker];
  const soon = [{ status: "FIDO_CERTIFIED_L1", effectiveDate: dayFromNow(3) }];
  const models = [
    { aaguid: MODELS.good, roots: [stranger, maker] },
    { aaguid: MODELS.other, roots: [stranger] },
    { aaguid: MODELS.plain, roots, statuses: ["NOT_FIDO_CERTIFIED"] },
    { aaguid: MODELS.revoked, roots, statuses: ["FIDO_CERTIFIED_L2", "REVOKED"] },
    { aaguid: MODELS.bypassed, roots, statuses: ["USER_VERIFICATION_BYPASS", "FIDO_CERTIFIED_L1"] },
    { aaguid: MODELS.soonCertified, roots, statuses: soon },
    { aaguid: MODELS.rootless, roots: [] },
  ];
  const blob = await (await createMetadataSigner(metadataRoot)).sign({ no: 7, models });
  const files = { FIDO_METADATA_FILE: join(folder, "blob.jwt"), FIDO_METADATA_ROOT_FILE: join(folder, "root.pem") };
  await writeFile(files.FIDO_METADATA_FILE, `${blob}\n`);
  await writeFile(files.FIDO_METADATA_ROOT_FILE, metadataRoot.pem);
  return files;
}

export async function createAttestationWorld(): Promise<AttestationWorld> {
  const folder = await mkdtemp(join(tmpdir(), "passbridge-attestation-"));
  const [maker, stranger] = [await createAuthority("CN=Maker Root"), await createAuthority("CN=Another Root")];
  const world = await createPolicyWorld({ env: await writeMetadata(folder, maker, stranger) });
  return {
    ...world,
    maker,
    stranger,
    folder,
    registerUnder: async (changes, attestation, tampering = {}) => {
      world.ask(changes);
      const authenticator = world.authenticator({ attestation });
      return { authenticator, answer: await register(world.browser(world.people.add()), authenticator, tampering) };
    },
    stop: async () => {
      await world.stop();
      await rm(folder, { recursive: true });
    },
  };
}
