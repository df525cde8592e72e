/**
 * How to have this machine's browsers trust the local CA, line by line.
 * @param caFile path of the CA's certificate.
 */
export function trustInstructions(caFile: string): string[] {
  return [
    "Trust the CA once, or browsers show a certificate error, and on such a page they refuse passkeys:",
    "",
    "  Chrome, Chromium and Edge on Linux (their own store; needs libnss3-tools):",
    "    ./manage.sh tls --trust",
    "  Linux, for curl and other programs (Debian, Ubuntu):",
    `    sudo cp ${quoted(caFile)} /usr/local/share/ca-certificates/passbridge-local.crt && sudo update-ca-certificates`,
    "  Linux (Fedora, Red Hat):",
    `    sudo trust anchor ${quoted(caFile)}`,
    "  macOS (Safari, Chrome, Edge):",
    "    security add-trusted-cert -r trustRoot -k ~/Library/Keychains/login.keychain-db \\",
    `      ${quoted(caFile)}`,
    "  Windows (Chrome, Edge), in a terminal:",
    `    certutil -user -addstore Root ${quoted(caFile)}`,
    "  Firefox, everywhere: Settings → Privacy & Security → View Certificates → Authorities → Import,",
    `    choose ${caFile} and tick "Trust this CA to identify websites".`,
    "",
    "Then close every window of the browser and open it again. The CA can vouch for names of this machine alone",
    "(localhost, *.localhost, *.test, loopback addresses); its key never leaves this folder. Do not copy it.",
  ];
}

function quoted(path: string): string {
  return /^[\w@%+=:,./\\-]+$/.test(path) ? path : `"${path}"`;
}
