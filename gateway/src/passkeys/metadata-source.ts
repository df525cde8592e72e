import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { type Config, ConfigError } from "../config.ts";
import { FIDO_ALLIANCE, type MetadataTrust } from "./metadata-blob.ts";

/** The FIDO Alliance's is under 10 MB. */
const MAX_BYTES = 64 * 1024 * 1024;
const DEADLINE = 60_000;
const HOUR = 3_600_000;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Where the metadata come from. */
export type MetadataSource = {
  /** The BLOB as text. Rejects when it cannot be had. */
  readonly read: (signal: AbortSignal) => Promise<string>;
  /** Whether a start may wait for it. */
  readonly inReach: boolean;
  /** Milliseconds after which it is read again at the latest. */
  readonly every: number;
};

const tooLarge = () => new Error(`The metadata are larger than ${MAX_BYTES} bytes`);

async function readBlobFile(path: string): Promise<string> {
  if ((await stat(path)).size > MAX_BYTES) throw tooLarge();
  return (await readFile(path, "utf8")).trim();
}

async function download(url: URL, signal: AbortSignal): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(DEADLINE)]) });
  if (!response.ok || !response.body) throw new Error(`The metadata server answered ${response.status}`);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body) {
    length += chunk.length;
    if (length > MAX_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8").trim();
}

/** The source the settings name; null: none. A file costs nothing to look at, a server is left in peace for a day. */
export function metadataSource({ file, url }: Config["metadata"]): MetadataSource | null {
  if (file) return { read: () => readBlobFile(file), inReach: true, every: HOUR };
  if (url) return { read: (signal) => download(url, signal), inReach: false, every: 24 * HOUR };
  return null;
}

/**
 * Who may sign the metadata: the FIDO Alliance, or whom FIDO_METADATA_ROOT_FILE names.
 * @throws ConfigError when that file holds no certificate.
 */
export async function metadataTrust({ rootFile }: Config["metadata"]): Promise<MetadataTrust> {
  if (!rootFile) return FIDO_ALLIANCE;
  const text = await readFile(rootFile, "utf8").catch((error: unknown) => {
    throw new ConfigError([`FIDO_METADATA_ROOT_FILE: ${String(error)}`]);
  });
  const roots = text.match(CERTIFICATE) ?? [];
  if (roots.length === 0) throw new ConfigError([`FIDO_METADATA_ROOT_FILE: ${rootFile} holds no certificate in PEM`]);
  return { roots, signer: null };
}

/** A name for a trust: what was verified under another one is not believed under it. */
export const trustName = ({ roots, signer }: MetadataTrust): string =>
  createHash("sha256")
    .update(JSON.stringify([...roots, signer]))
    .digest("hex");
