import { X509Certificate } from "node:crypto";
import { z } from "zod";

/** What the FIDO metadata say of a model of authenticators. */
export type AuthenticatorModel = {
  /** Where its attestation certificates have to lead. */
  readonly roots: readonly X509Certificate[];
  /** The statuses that are in effect: FIDO_CERTIFIED_L1, REVOKED … */
  readonly statuses: (now: Date) => readonly string[];
};

/** The model of an AAGUID (lower-case UUID), as far as the metadata name it. Asks nobody. */
export type FindModel = (aaguid: string) => AuthenticatorModel | undefined;

export type MetadataModels = {
  /** Counts the issues of the metadata; never goes back. */
  readonly number: number;
  /** The day by which the next issue is out. */
  readonly nextUpdate: Date;
  readonly find: FindModel;
};

const statusReport = z.object({ status: z.string(), effectiveDate: z.string().optional() });
type StatusReport = z.infer<typeof statusReport>;

const entry = z.object({
  aaguid: z.string().optional(),
  metadataStatement: z.object({ attestationRootCertificates: z.array(z.string()) }).optional(),
  statusReports: z.array(statusReport),
});

/** FIDO Metadata Service 3, 3.1.6: of the many members those the gateway goes by. */
const payload = z.object({
  no: z.number().int().nonnegative(),
  nextUpdate: z.iso.date(),
  entries: z.array(entry),
});

/** Entries of hundreds of makers: one that cannot be read must not cost the others theirs. */
function readRoots(encoded: readonly string[]): X509Certificate[] {
  return encoded.flatMap((text) => {
    try {
      return [new X509Certificate(Buffer.from(text, "base64"))];
    } catch {
      return [];
    }
  });
}

/** A certification counts from its date on; every other report, a compromise above all, as soon as it is read. */
function isInEffect({ status, effectiveDate }: StatusReport, now: Date): boolean {
  return !status.startsWith("FIDO_CERTIFIED") || !(Date.parse(effectiveDate ?? "") > now.getTime());
}

function toModel({ metadataStatement, statusReports }: z.infer<typeof entry>): AuthenticatorModel {
  return {
    roots: readRoots(metadataStatement?.attestationRootCertificates ?? []),
    statuses: (now) => statusReports.filter((report) => isInEffect(report, now)).map(({ status }) => status),
  };
}

/**
 * Reads the payload of a metadata BLOB whose signature has been verified.
 * @throws Error when it is none.
 */
export function readModels(value: unknown): MetadataModels {
  const { no, nextUpdate, entries } = payload.parse(value);
  const models = new Map<string, AuthenticatorModel>();
  for (const read of entries) {
    if (read.aaguid) models.set(read.aaguid.toLowerCase(), toModel(read));
  }
  return { number: no, nextUpdate: new Date(nextUpdate), find: (aaguid) => models.get(aaguid) };
}
