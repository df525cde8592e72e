import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { type ConnectionOptions, createSecureContext } from "node:tls";

/** A fault of DATABASE_URL, in words for an operator; never with the URL, which holds a password. */
export class PostgresUrlError extends Error {
  override readonly name = "PostgresUrlError";
}

const MODES = ["disable", "require", "verify-ca", "verify-full"] as const;
type Mode = (typeof MODES)[number];

/** What libpq or node-postgres know besides, and what to write instead. */
const REFUSED: Readonly<Record<string, string>> = {
  allow: "goes without TLS where the server, or somebody in between, wants that; use verify-full",
  prefer: "goes without TLS where the server, or somebody in between, wants that; use verify-full",
  "no-verify": "is called require",
};

type TlsFiles = { readonly root: string | null; readonly cert: string | null; readonly key: string | null };

function readMode(params: URLSearchParams): Mode {
  const given = params.get("sslmode") ?? "disable";
  const mode = MODES.find((known) => known === given);
  if (mode) return mode;
  throw new PostgresUrlError(`sslmode=${given} ${REFUSED[given] ?? `is none of ${MODES.join(", ")}`}`);
}

function checkTogether(mode: Mode, { root, cert, key }: TlsFiles): void {
  const fault = (text: string) => {
    throw new PostgresUrlError(text);
  };
  if (mode === "disable" && (root ?? cert ?? key) !== null) {
    fault("sslrootcert, sslcert and sslkey need sslmode=require, verify-ca or verify-full");
  }
  if (mode === "verify-ca" && root === null) fault("sslmode=verify-ca needs the CA's certificate in sslrootcert");
  // A public CA vouches for anybody's server, so its signature alone says nothing.
  if (root === "system" && mode !== "verify-full") fault("sslrootcert=system needs sslmode=verify-full");
  if ((cert === null) !== (key === null)) fault("sslcert and sslkey: set both or neither");
}

function readPem(name: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    throw new PostgresUrlError(`${name}: ${file} cannot be read (${code})`);
  }
}

/** Node takes a text without a certificate for "trust nobody", and says so only when it connects. */
function readCertificates(file: string): string {
  const pem = readPem("sslrootcert", file);
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  try {
    for (const block of blocks) new X509Certificate(block);
  } catch {
    throw new PostgresUrlError(`sslrootcert: ${file} holds a broken certificate`);
  }
  if (blocks.length === 0) throw new PostgresUrlError(`sslrootcert: ${file} holds no certificate in PEM`);
  return pem;
}

function readClientPair(cert: string, key: string) {
  const pair = { cert: readPem("sslcert", cert), key: readPem("sslkey", key) };
  try {
    createSecureContext(pair);
    return pair;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new PostgresUrlError(`sslcert and sslkey: ${cert} and ${key} do not go together (${why})`);
  }
}

/**
 * TLS as libpq understands the parameters (PostgreSQL manual, 34.19): `require` encrypts and checks nothing, or the CA
 * where sslrootcert names one; node-postgres 8 would read it as verify-full. Without sslrootcert, or with `system`,
 * verify-full trusts the CAs Node trusts.
 * @returns null when there is to be none.
 * @throws PostgresUrlError when they contradict each other or a file cannot be used.
 */
export function readPostgresTls(params: URLSearchParams): ConnectionOptions | null {
  const mode = readMode(params);
  const files = { root: params.get("sslrootcert"), cert: params.get("sslcert"), key: params.get("sslkey") };
  checkTogether(mode, files);
  if (mode === "disable") return null;
  const pair = files.cert !== null && files.key !== null ? readClientPair(files.cert, files.key) : {};
  if (mode === "require" && files.root === null) return { ...pair, rejectUnauthorized: false };
  const trust = files.root === null || files.root === "system" ? {} : { ca: readCertificates(files.root) };
  if (mode === "verify-full") return { ...pair, ...trust };
  return { ...pair, ...trust, checkServerIdentity: () => undefined };
}
