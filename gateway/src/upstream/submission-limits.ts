import { z } from "zod";
import type { Adapters } from "../adapters.ts";
import { createAttemptCounter } from "../http/attempt-counter.ts";
import { createKnownBrowser } from "../http/known-browser.ts";
import { createWaitingRoom } from "../http/waiting-room.ts";
import type { OnSubmission } from "./kratos-proxy.ts";
import { createMailLimits } from "./mail-limits.ts";
import { createPasswordLimits } from "./password-limits.ts";
import type { WholeAnswer } from "./whole-answer.ts";

const MINUTE = 60;

/** Requests kept waiting in this process, in all and from one address: each holds a connection. */
const WAITING = { places: 500, placesPerKey: 10 };

const nativeSignIn = z.object({ session_token: z.string().min(1) });

/** Whether Kratos signed someone in: by its cookie or, in a flow without browser, by a token. */
const isSignedIn = ({ json }: WholeAnswer, cookie: string) => cookie !== "" || nativeSignIn.safeParse(json).success;

/**
 * Stands before what is submitted to Kratos: limits tries of passwords and mails.
 * @param next what else is to hear of a submission that may go on.
 */
export function createSubmissionLimits(
  { redis, config }: Pick<Adapters, "redis" | "config">,
  next: OnSubmission,
): OnSubmission {
  const counter = (name: string, seconds: number) => createAttemptCounter(redis, name, seconds);
  const factor = config.rateLimitFactor;
  const tryPassword = createPasswordLimits({
    account: counter("password-account", MINUTE),
    browser: counter("password-browser", MINUTE),
    address: counter("password-address", MINUTE),
    pair: counter("password-pair", 15 * MINUTE),
    knownBrowser: createKnownBrowser(config.session.secrets, config.session.secure),
    waitingRoom: createWaitingRoom(WAITING),
    factor,
  });
  const mayMail = createMailLimits({
    codes: counter("mail-codes", 15 * MINUTE),
    forms: counter("mail-forms", 15 * MINUTE),
    address: counter("mail-address", 60 * MINUTE),
    factor,
  });

  return async (submission, request, response) => {
    await mayMail(submission, request);
    const right = submission.signsIn === null ? null : await tryPassword(submission.signsIn, request);
    const after = await next(submission, request, response);
    return async (answer, cookie) => {
      await after(answer, cookie);
      if (right && isSignedIn(answer, cookie)) await right(response);
    };
  };
}
