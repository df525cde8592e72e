import type { Request } from "express";
import { accountKey } from "../http/account-key.ts";
import { addressKey } from "../http/address-key.ts";
import { type AttemptCounter, countUpTo, scaledLimit } from "../http/attempt-counter.ts";
import type { FlowSubmission } from "./kratos-call.ts";

/** In a quarter of an hour, to one mailbox. Kratos itself mails as often as it is asked. */
const CODES_ASKED_FOR = 5;
/** Sign-ups and changes of settings may be refused for other reasons and tried again before a mail goes out. */
const FORMS_NAMING_IT = 15;
/** In an hour, from one address. */
const MAILS_OF_AN_ADDRESS = 60;

export type MailLimitDeps = {
  readonly codes: AttemptCounter;
  readonly forms: AttemptCounter;
  readonly address: AttemptCounter;
  /** RATE_LIMIT_FACTOR. */
  readonly factor: number;
};

/**
 * Limits what makes Kratos send a mail, so that nobody's mailbox is flooded through the gateway: by mailbox, over all
 * spellings and whether or not it belongs to an account, and by the client's address.
 * @throws (the function) Problem rate_limited.
 */
export function createMailLimits(deps: MailLimitDeps): (submission: FlowSubmission, request: Request) => Promise<void> {
  const count = (counter: AttemptCounter, key: string, limit: number) =>
    countUpTo(counter, key, scaledLimit(limit, deps.factor));
  return async ({ kind, mailsTo }, request) => {
    if (mailsTo.length === 0) return;
    await count(deps.address, addressKey(request.ip), MAILS_OF_AN_ADDRESS);
    const asked = kind !== "registration" && kind !== "settings";
    const [counter, limit] = asked
      ? ([deps.codes, CODES_ASKED_FOR] as const)
      : ([deps.forms, FORMS_NAMING_IT] as const);
    for (const key of new Set(mailsTo.map(accountKey))) await count(counter, key, limit);
  };
}
