import { waitUntil } from "../wait-until.ts";

/** A caught mail. */
export type Mail = {
  readonly id: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
};

/** Reads what the mail catcher caught, whichever of the two it is. */
export type Mailbox = {
  /** Every mail to the address, oldest first. */
  list(address: string): Promise<Mail[]>;
  /** The newest mail to the address that fits, as soon as there is one. Throws WaitError after 15 s. */
  waitFor(address: string, predicate?: (mail: Mail) => boolean): Promise<Mail>;
};

/** Kratos sends its mails one after the other, and others may be waiting. */
const MAIL_TIMEOUT = 45_000;

type MailpitList = { messages: { ID: string; To: { Address: string }[] }[] };
type MailpitMessage = { ID: string; Subject: string; Text: string; HTML: string };
type MaildevMail = { id: string; to: { address: string }[]; subject?: string; text?: string; html?: string };

async function getJson<Body>(url: string): Promise<Body> {
  const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return (await response.json()) as Body;
}

async function listMailpit(base: string, address: string): Promise<Mail[]> {
  const query = encodeURIComponent(`to:"${address}"`);
  const { messages } = await getJson<MailpitList>(`${base}/api/v1/search?limit=200&query=${query}`);
  const oldestFirst = messages.toReversed();
  return Promise.all(
    oldestFirst.map(async ({ ID, To }) => {
      const message = await getJson<MailpitMessage>(`${base}/api/v1/message/${ID}`);
      const to = To.map((entry) => entry.Address);
      return { id: ID, to, subject: message.Subject, text: message.Text, html: message.HTML };
    }),
  );
}

async function listMaildev(base: string): Promise<Mail[]> {
  const mails = await getJson<MaildevMail[]>(`${base}/api/email`);
  return mails.map(({ id, to, subject = "", text = "", html = "" }) => {
    return { id, to: to.map((entry) => entry.address), subject, text, html };
  });
}

/** The reader of a running mail catcher: Mailpit's API and maildev's differ, their mails do not. */
export function createMailbox(uiUrl: string): Mailbox {
  let isMailpit: boolean | null = null;
  const list = async (address: string) => {
    isMailpit ??= (await fetch(`${uiUrl}/api/v1/info`, { signal: AbortSignal.timeout(5_000) })).ok;
    const mails = isMailpit ? await listMailpit(uiUrl, address) : await listMaildev(uiUrl);
    return mails.filter((mail) => mail.to.some((to) => to.toLowerCase() === address.toLowerCase()));
  };
  const waitFor = (address: string, predicate: (mail: Mail) => boolean = () => true) =>
    waitUntil(
      async () => {
        const mail = (await list(address)).findLast(predicate);
        if (!mail) throw new Error("none has arrived");
        return mail;
      },
      { timeout: MAIL_TIMEOUT, what: `a fitting mail to ${address}` },
    );
  return { list, waitFor };
}

const CODE = /(?<!\d)\d{6}(?!\d)/;

/** Whether a mail brings a code, and no news of the account. */
export const hasCode = ({ text }: Pick<Mail, "text">) => CODE.test(text);

/**
 * The six-digit code of a verification or recovery mail.
 * @throws Error when the mail has none.
 */
export function codeIn(mail: Pick<Mail, "text">): string {
  const code = CODE.exec(mail.text)?.[0];
  if (!code) throw new Error("the mail has no six-digit code");
  return code;
}
