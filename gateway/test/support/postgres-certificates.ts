import { X509Certificate } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Authority, createAuthority, type Issue } from "./certificate-authority.ts";

export type PemPair = { readonly cert: string; readonly key: string };

const pem = (label: string, bytes: ArrayBuffer) =>
  `-----BEGIN ${label}-----\n${Buffer.from(bytes).toString("base64").replace(/.{64}/g, "$&\n")}\n-----END ${label}-----\n`;

async function issuePem(authority: Authority, issue: Issue): Promise<PemPair> {
  const { der, keys } = await authority.issue(issue);
  const key = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
  return { cert: new X509Certificate(der).toString(), key: pem("PRIVATE KEY", key) };
}

/** What a server and its clients need: a CA, one that vouches for nobody here, and certificates of the first. */
export async function makeCertificates(folder: string, hosts: readonly string[], user: string) {
  const [authority, stranger] = await Promise.all([createAuthority("CN=Test CA"), createAuthority("CN=Other CA")]);
  const [server, client] = await Promise.all([
    issuePem(authority, { subject: "CN=server", hosts }),
    issuePem(authority, { subject: `CN=${user}` }),
  ]);
  const keep = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  return {
    ca: authority.pem,
    server,
    caFile: keep("ca.pem", authority.pem),
    otherCaFile: keep("other-ca.pem", stranger.pem),
    certFile: keep("client.pem", client.cert),
    keyFile: keep("client-key.pem", client.key),
  };
}
