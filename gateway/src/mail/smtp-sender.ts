import { once } from "node:events";
import { connect, isIP, type Socket } from "node:net";
import type { ClaimedMail } from "./outbox-store.ts";
import type { SmtpServer } from "./smtp-server.ts";

/** How long handing in one mail may take in all, a slow server's greeting included. */
const SEND_DEADLINE = 60_000;
const SILENCE_DEADLINE = 20_000;

/** Hands a mail in. Rejects when the server is not reached, refuses it or takes too long, and when the signal says stop. */
export type SendMail = (mail: ClaimedMail, signal: AbortSignal) => Promise<void>;

export type SmtpSenderOptions = {
  readonly server: SmtpServer;
  readonly from: { readonly name: string; readonly address: string };
  /** The right half of message ids. */
  readonly domain: string;
  /** Milliseconds for one mail. */
  readonly deadline?: number;
};

function encryptionOptions({ encryption, certificateName, host }: SmtpServer) {
  // An address as server name is refused by TLS (RFC 6066, 3).
  const servername = certificateName ?? host;
  return {
    secure: encryption === "tls",
    requireTLS: encryption === "starttls",
    ignoreTLS: encryption === "none",
    tls: { rejectUnauthorized: certificateName !== null, ...(isIP(servername) === 0 && { servername }) },
  };
}

/** Destroyed when the signal says so, whatever state it is in: nodemailer has deadlines on silence alone. */
async function openSocket({ host, port }: SmtpServer, signal: AbortSignal): Promise<Socket> {
  const socket = connect({ host, port, signal });
  socket.on("error", () => undefined);
  await once(socket, "connect", { signal });
  return socket;
}

function messageOf(mail: ClaimedMail, { from, domain }: SmtpSenderOptions) {
  return {
    from,
    to: { name: "", address: mail.recipient },
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    date: mail.createdAt,
    // The same at each attempt, so that a mail handed in twice can be told for one.
    messageId: `<${mail.id}@${domain}>`,
    // RFC 3834, 5: no holiday notice comes back.
    headers: { "Auto-Submitted": "auto-generated" },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

async function handIn(mail: ClaimedMail, options: SmtpSenderOptions, silence: number, signal: AbortSignal) {
  const { server } = options;
  const connection = await openSocket(server, signal);
  // Only now: it takes 28 MB, and many a gateway sends no mail.
  const { createTransport } = await import("nodemailer");
  try {
    const closed = once(connection, "close").then(() => Promise.reject(new Error("The server closed the connection")));
    const transport = createTransport({
      ...encryptionOptions(server),
      host: server.host,
      connection,
      greetingTimeout: silence,
      socketTimeout: silence,
      ...(server.login && { auth: server.login }),
    });
    await Promise.race([transport.sendMail(messageOf(mail, options)), closed]);
  } finally {
    connection.destroy();
  }
}

/** Hands mails in by SMTP (nodemailer), one connection each. */
export function createSmtpSender(options: SmtpSenderOptions): SendMail {
  const deadline = options.deadline ?? SEND_DEADLINE;
  const silence = Math.min(SILENCE_DEADLINE, deadline);
  return async (mail, stop) => {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(deadline)]);
    try {
      await handIn(mail, options, silence, signal);
    } catch (error) {
      // Every part of it fails in its own words when the time is up.
      throw signal.aborted ? signal.reason : error;
    }
  };
}
