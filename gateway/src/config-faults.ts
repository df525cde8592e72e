import { getDomain } from "tldts";

const MIN_SECRET_LENGTH = 32;
const KNOWN_SECRETS = /^(change-?me|secret|password|default|example|test|keyboard cat|passbridge|insecure)/i;

const LOCAL_HOST = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Faults of a setting's secrets that could be guessed. */
export function secretFaults(name: string, secrets: readonly string[], development: boolean): string[] {
  if (development) return [];
  const weak = (secret: string) =>
    secret.length < MIN_SECRET_LENGTH || KNOWN_SECRETS.test(secret) || new Set(secret).size < 10;
  return secrets.some(weak)
    ? [`${name}: every secret needs ${MIN_SECRET_LENGTH} random characters or more outside development`]
    : [];
}

/** Faults of an address or RP ID under which browsers would refuse passkeys (WebAuthn L3, 5.1.2). */
export function relyingPartyFaults(publicUrl: URL, rpId: string): string[] {
  const faults: string[] = [];
  const host = publicUrl.hostname;
  if (/^[\d.]+$/.test(host) || host.startsWith("[")) {
    faults.push("PUBLIC_URL: browsers refuse passkeys on an IP address; use a host name such as localhost");
  } else if (host !== rpId && !host.endsWith(`.${rpId}`)) {
    faults.push(`PASSKEY_RP_ID: ${rpId} is neither the host of PUBLIC_URL (${host}) nor a parent domain of it`);
  }
  if (publicUrl.protocol === "http:" && !LOCAL_HOST.test(host)) {
    faults.push("PUBLIC_URL: browsers allow passkeys over http on localhost only; use https");
  }
  if (publicUrl.pathname !== "/" || publicUrl.search || publicUrl.hash) {
    faults.push("PUBLIC_URL: needs an origin without a path");
  }
  return faults;
}

/** Faults of a domain that browsers would not take a cookie for (RFC 6265, section 5.3, steps 5 and 6). */
export function cookieDomainFaults({ hostname }: URL, domain: string | undefined): string[] {
  if (domain === undefined) return [];
  if (hostname !== domain && !hostname.endsWith(`.${domain}`)) {
    return [`COOKIE_DOMAIN: ${domain} is neither the host of PUBLIC_URL (${hostname}) nor a parent domain of it`];
  }
  const shared = getDomain(domain, { allowPrivateDomains: true }) === null;
  return shared ? [`COOKIE_DOMAIN: ${domain} is a public suffix, below which everybody can have a host`] : [];
}

type MetadataSettings = {
  readonly FIDO_METADATA_FILE?: string | undefined;
  readonly FIDO_METADATA_URL?: URL | undefined;
  readonly FIDO_METADATA_ROOT_FILE?: string | undefined;
};

/** Faults of where FIDO metadata come from. */
export function metadataFaults(env: MetadataSettings): string[] {
  if (env.FIDO_METADATA_FILE && env.FIDO_METADATA_URL)
    return ["FIDO_METADATA_FILE and FIDO_METADATA_URL: set one of them"];
  if (env.FIDO_METADATA_ROOT_FILE && !env.FIDO_METADATA_FILE && !env.FIDO_METADATA_URL) {
    return ["FIDO_METADATA_ROOT_FILE: needs FIDO_METADATA_FILE or FIDO_METADATA_URL"];
  }
  return [];
}
