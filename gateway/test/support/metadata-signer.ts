import { CompactSign } from "jose";
import type { Authority, Issue } from "./certificate-authority.ts";

const DAY = 86_400_000;

export type ModelEntry = {
  readonly aaguid: string;
  readonly roots: readonly Authority[];
  /** Statuses, each with the day it takes effect where there is one. */
  readonly statuses?: readonly (string | { readonly status: string; readonly effectiveDate: string })[];
};

export type MetadataIssue = {
  readonly no: number;
  readonly models: readonly ModelEntry[];
  /** Days from now until the next issue; a day in the past makes it out of date. */
  readonly days?: number;
  /** Other members of the payload, as they are. */
  readonly changes?: object;
};

/** Signs metadata BLOBs as the FIDO Alliance does. */
export type MetadataSigner = { readonly sign: (issue: MetadataIssue) => Promise<string> };

/** An ISO day so many days from now. */
export const dayFromNow = (days: number): string => new Date(Date.now() + days * DAY).toISOString().slice(0, 10);

function toEntry({ aaguid, roots, statuses = ["FIDO_CERTIFIED_L1"] }: ModelEntry) {
  return {
    aaguid,
    metadataStatement: {
      description: "Software Authenticator",
      attestationTypes: ["basic_full"],
      attestationRootCertificates: roots.map(({ der }) => der.toString("base64")),
    },
    statusReports: statuses.map((report) => (typeof report === "string" ? { status: report } : report)),
    timeOfLastStatusChange: dayFromNow(-1),
  };
}

export async function createMetadataSigner(root: Authority, wish: Partial<Issue> = {}): Promise<MetadataSigner> {
  const subject = "C=US, O=Passbridge Tests, CN=Metadata Signer";
  const { der, keys } = await root.issue({ subject, hosts: ["metadata.example"], ...wish });
  return {
    sign: async ({ no, models, days = 30, changes = {} }) => {
      const payload = {
        legalHeader: "Tests",
        no,
        nextUpdate: dayFromNow(days),
        entries: models.map(toEntry),
        ...changes,
      };
      return new CompactSign(Buffer.from(JSON.stringify(payload)))
        .setProtectedHeader({ alg: "ES256", typ: "JWT", x5c: [der.toString("base64")] })
        .sign(keys.privateKey);
    },
  };
}
