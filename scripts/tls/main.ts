import { homedir } from "node:os";
import { join } from "node:path";
import { Failure } from "../failure.ts";
import type { Context } from "../manage/context.ts";
import type { Output } from "../manage/output.ts";
import { issueCertificate, LOCAL_HOSTS } from "./certificate.ts";
import { checkLocalHttps, httpsSettings, removeHttpsSettings, writeHttpsSettings } from "./https-settings.ts";
import { ensureLocalCa } from "./local-ca.ts";
import { nssDatabase, trustInNss } from "./nss-trust.ts";
import { trustInstructions } from "./trust-instructions.ts";

/** The gateway's name among the containers of deploy/compose.tls.yml. */
const COMPOSE_HOST = "gateway.test";

function off({ envFile }: Context, output: Output): number {
  const removed = removeHttpsSettings(envFile);
  output.line(
    removed ? "HTTPS is off from the next ./manage.sh stop and ./manage.sh start on." : "HTTPS is off already.",
  );
  return 0;
}

async function on(context: Context, trust: boolean, output: Output): Promise<number> {
  const { settings, dataDir, envFile } = context;
  checkLocalHttps(settings.PUBLIC_URL, process.env);
  const folder = join(dataDir, "tls");
  const ca = await ensureLocalCa(folder);
  const hosts = new Set([...LOCAL_HOSTS, COMPOSE_HOST, new URL(settings.PUBLIC_URL).hostname]);
  const certificate = await issueCertificate(folder, [...hosts]);
  const values = httpsSettings(settings.PUBLIC_URL, certificate);
  const written = writeHttpsSettings(envFile, values);

  output.line(`${ca.fresh ? "Made a local CA" : "The local CA is there"}: ${ca.certificateFile}`);
  const until = certificate.validTo.toISOString().slice(0, 10);
  output.line(
    `${certificate.fresh ? "Issued" : "Kept"} the certificate for ${[...hosts].join(", ")}, valid until ${until}`,
  );
  if (trust) {
    await trustInNss(ca.certificateFile, nssDatabase(homedir()));
    output.line("Chrome and Chromium of this account trust the CA from their next start on.");
  } else {
    output.line();
    for (const line of trustInstructions(ca.certificateFile)) output.line(line);
  }
  output.line();
  const next = written || certificate.fresh ? "Run ./manage.sh stop and ./manage.sh start, then open" : "Open";
  output.line(`${next} ${values.PUBLIC_URL}. Back to plain http: ./manage.sh tls off`);
  return 0;
}

/**
 * `./manage.sh tls [--trust | off]`: HTTPS on this machine with a certificate of a local CA, made once and renewed when
 * close to its end; `off` goes back to plain http and keeps the CA. Running it twice changes nothing.
 * @returns the exit code.
 * @throws Failure when the settings do not allow it.
 */
export async function tls(context: Context, words: readonly string[], output: Output): Promise<number> {
  const [word, surplus] = words;
  if (surplus !== undefined || (word !== undefined && word !== "off" && word !== "--trust")) {
    throw new Failure(
      `./manage.sh tls does not know ${surplus ?? word}.`,
      "Use ./manage.sh tls, tls --trust or tls off",
    );
  }
  return word === "off" ? off(context, output) : on(context, word === "--trust", output);
}
