/** Where mails are handed in, and how. */
export type SmtpServer = {
  readonly host: string;
  readonly port: number;
  /** Encrypted from the first byte on, encrypted by STARTTLS or not sent, or never encrypted. */
  readonly encryption: "tls" | "starttls" | "none";
  /** What the certificate has to be for; null: any certificate will do. */
  readonly certificateName: string | null;
  readonly login: { readonly user: string; readonly pass: string } | null;
};

const isTrue = (text: string | null) => /^(1|t|true)$/i.test(text ?? "");

/** Without the brackets a URL needs around an IPv6 address. */
const bareHost = (url: URL) => url.hostname.replace(/^\[(.*)\]$/, "$1");

/**
 * Reads a mail server's address in the form Kratos takes (its courier.smtp.connection_uri), so that one setting serves both:
 * `smtp://` insists on STARTTLS unless `disable_starttls=true`, `smtps://` is TLS from the start, `skip_ssl_verify=true`
 * takes any certificate, `server_name` names the one to expect.
 * @param url with the protocol smtp: or smtps:.
 */
export function readSmtpServer(url: URL): SmtpServer {
  const query = url.searchParams;
  const tls = url.protocol === "smtps:";
  const host = bareHost(url);
  return {
    host,
    port: Number(url.port) || (tls ? 465 : 587),
    encryption: tls ? "tls" : isTrue(query.get("disable_starttls")) ? "none" : "starttls",
    certificateName: isTrue(query.get("skip_ssl_verify")) ? null : query.get("server_name") || host,
    login: url.username ? { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } : null,
  };
}
