import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../failure.ts";
import { addToEnvFile, readEnvFile } from "../manage/env-file.ts";
import type { ServerCertificate } from "./certificate.ts";

const HTTPS_PORT = "8443";
/** The settings that `./manage.sh tls` writes and `./manage.sh tls off` takes away. */
export const HTTPS_SETTINGS = [
  "PUBLIC_URL",
  "PORT",
  "TLS_CERT_FILE",
  "TLS_KEY_FILE",
  "NODE_EXTRA_CA_CERTS",
  "COMPOSE_FILE",
] as const;

export type HttpsSettings = Readonly<Record<(typeof HTTPS_SETTINGS)[number], string>>;

/**
 * The settings for HTTPS on this machine: the gateway ends TLS itself, natively and in compose.
 * @param publicUrl today's; its host is kept, and its port as well when it is https already.
 */
export function httpsSettings(publicUrl: string, certificate: ServerCertificate): HttpsSettings {
  const url = new URL(publicUrl);
  const port = url.protocol === "https:" && url.port ? url.port : HTTPS_PORT;
  return {
    PUBLIC_URL: `https://${url.hostname}:${port}`,
    PORT: port,
    TLS_CERT_FILE: certificate.certificateFile,
    TLS_KEY_FILE: certificate.keyFile,
    // The sample dashboard fetches the gateway's public keys over https.
    NODE_EXTRA_CA_CERTS: certificate.caFile,
    COMPOSE_FILE: ["docker-compose.yml", join("deploy", "compose.tls.yml")].join(":"),
  };
}

/** Removes settings from the settings file, in one step. */
function dropFromEnvFile(path: string, names: readonly string[]): void {
  if (!existsSync(path)) return;
  const lines = readFileSync(path, "utf8").split("\n");
  const kept = lines.filter((line) => !names.some((name) => line.trimStart().startsWith(`${name}=`)));
  const draft = `${path}.draft-${process.pid}`;
  writeFileSync(draft, kept.join("\n"), { mode: 0o600 });
  renameSync(draft, path);
}

/** Puts the settings into the settings file, each once. Returns false when they were there already. */
export function writeHttpsSettings(path: string, values: HttpsSettings): boolean {
  const before = readEnvFile(path);
  if (HTTPS_SETTINGS.every((name) => before[name] === values[name])) return false;
  dropFromEnvFile(path, HTTPS_SETTINGS);
  addToEnvFile(path, values);
  return true;
}

/** Takes the settings out of the settings file again. Returns false when there were none. */
export function removeHttpsSettings(path: string): boolean {
  if (!("TLS_CERT_FILE" in readEnvFile(path))) return false;
  dropFromEnvFile(path, HTTPS_SETTINGS);
  return true;
}

/**
 * Refuses what HTTPS with a local certificate cannot be: a public host, or settings of the caller that would win.
 * @throws Failure
 */
export function checkLocalHttps(publicUrl: string, caller: NodeJS.ProcessEnv): void {
  const { hostname } = new URL(publicUrl);
  if (!/^(localhost|.+\.localhost|.+\.test)$/.test(hostname)) {
    throw new Failure(
      `PUBLIC_URL is ${publicUrl}: a local certificate is for localhost, *.localhost and *.test.`,
      "For a real host get a real certificate and set TLS_CERT_FILE and TLS_KEY_FILE, or end TLS in a proxy before the gateway.",
    );
  }
  const winning = HTTPS_SETTINGS.find((name) => caller[name]?.trim());
  if (winning !== undefined && winning !== "NODE_EXTRA_CA_CERTS") {
    throw new Failure(
      `The environment sets ${winning}, which would win over what this command writes.`,
      `Run it again without: env -u ${winning} ./manage.sh tls`,
    );
  }
}
