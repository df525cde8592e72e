import { X509Certificate } from "node:crypto";
import { SettingsService } from "@simplewebauthn/server";
import { verifyMDSBlob } from "@simplewebauthn/server/helpers";
import { decodeProtectedHeader } from "jose";
import { z } from "zod";
import { type MetadataModels, readModels } from "./metadata-models.ts";

const DAY = 86_400_000;

/** Read when this file is loaded, before anything else can have put other roots in their place. */
const SHIPPED_ROOTS: readonly string[] = SettingsService.getRootCertificates({ identifier: "mds" });

/** Who may sign metadata. */
export type MetadataTrust = {
  /** In PEM. */
  readonly roots: readonly string[];
  /** The host name the signer's certificate has to be for; null: anyone the roots vouch for. */
  readonly signer: string | null;
};

/**
 * The FIDO Alliance's metadata. They are signed with a TLS certificate of a public CA: without the name everyone who
 * has a certificate of that CA could sign their own.
 */
export const FIDO_ALLIANCE: MetadataTrust = { roots: SHIPPED_ROOTS, signer: "mds.fidoalliance.org" };

const certificates = z.array(z.string()).min(1).max(8);

function requireSigner(blob: string, signer: string | null): void {
  const [own = ""] = certificates.parse(decodeProtectedHeader(blob).x5c);
  if (signer === null) return;
  const certificate = new X509Certificate(Buffer.from(own, "base64"));
  if (certificate.checkHost(signer) === undefined) throw new Error(`The metadata are not signed by ${signer}`);
}

/**
 * Verifies a metadata BLOB (FIDO Metadata Service 3, 3.2): who signed it, the chain with its revocation lists, which
 * the library fetches, and the signature.
 * @throws Error when it cannot be trusted, is out of date or cannot be read.
 */
export async function verifyMetadataBlob(blob: string, trust: MetadataTrust, now: Date): Promise<MetadataModels> {
  requireSigner(blob, trust.signer);
  // Process-wide, but the library reads them before it first waits: two gateways in one process do not meet.
  SettingsService.setRootCertificates({ identifier: "mds", certificates: [...trust.roots] });
  const { payload } = await verifyMDSBlob(blob);
  const models = readModels(payload);
  if (now.getTime() >= models.nextUpdate.getTime() + DAY)
    throw new Error(`The metadata are out of date: their next issue was due on ${models.nextUpdate.toISOString()}`);
  return models;
}

/** What a BLOB says that was verified before, when it came in. Throws Error when it cannot be read. */
export function readVerifiedBlob(blob: string): MetadataModels {
  const [, payload = ""] = blob.split(".");
  return readModels(JSON.parse(Buffer.from(payload, "base64url").toString("utf8")));
}
