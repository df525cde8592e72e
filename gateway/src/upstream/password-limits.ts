import type { Request, Response } from "express";
import { Problem } from "../errors.ts";
import { accountKey } from "../http/account-key.ts";
import { addressKey } from "../http/address-key.ts";
import { type AttemptCounter, countUpTo, scaledLimit } from "../http/attempt-counter.ts";
import type { KnownBrowser } from "../http/known-browser.ts";
import type { WaitingRoom } from "../http/waiting-room.ts";
import { slowDown } from "../policy/slow-down.ts";

/** At factor 1. */
const ACCOUNT_TRIES = 10;
const ADDRESS_TRIES = 60;
const FREE_TRIES = { account: 5, pair: 3 };

export type PasswordLimitDeps = {
  /** Tries in a minute: of an account, of a known browser of it, of an address. */
  readonly account: AttemptCounter;
  readonly browser: AttemptCounter;
  readonly address: AttemptCounter;
  /** Tries of one account from one address in a longer time: they only slow down. */
  readonly pair: AttemptCounter;
  readonly knownBrowser: KnownBrowser;
  readonly waitingRoom: WaitingRoom;
  /** RATE_LIMIT_FACTOR. */
  readonly factor: number;
};

/** What is told when the password was right. */
export type RightPassword = (response: Response) => Promise<void>;

/** Aborted when the client's connection closes; `done` lets go of it. */
function leavingOf({ socket }: Request): { signal: AbortSignal; done: () => void } {
  const controller = new AbortController();
  const leave = () => controller.abort();
  if (socket.destroyed) leave();
  socket.once("close", leave);
  return { signal: controller.signal, done: () => socket.off("close", leave) };
}

async function keepWaiting({ waitingRoom }: PasswordLimitDeps, key: string, milliseconds: number, request: Request) {
  const leaving = leavingOf(request);
  try {
    await waitingRoom.wait(key, milliseconds, leaving.signal);
  } catch (cause) {
    throw cause instanceof Problem ? cause : new Problem("invalid_request", { cause });
  } finally {
    leaving.done();
  }
}

/**
 * Limits tries of a password: an address, then an account over all addresses are refused beyond their limit, and before
 * that tries are kept waiting longer and longer. A browser that signed in to the account before has a count of its own,
 * so that nobody else's tries lock its owner out. Passkeys are not concerned.
 * @returns a function that takes an identifier as typed; what it resolves to is to be called when the password was
 *   right: that try counts for the account no more.
 * @throws (the function) Problem rate_limited; invalid_request when the client leaves while it waits.
 */
export function createPasswordLimits(
  deps: PasswordLimitDeps,
): (identifier: string, request: Request) => Promise<RightPassword> {
  const scaled = (tries: number) => scaledLimit(tries, deps.factor);
  return async (identifier, request) => {
    const account = accountKey(identifier);
    const address = addressKey(request.ip);
    const pair = `${account}:${address}`;
    const browser = deps.knownBrowser.read(request, account);
    await countUpTo(deps.address, address, scaled(ADDRESS_TRIES));
    const [own, ownKey] = browser ? [deps.browser, browser] : [deps.account, account];
    const ofAccount = await countUpTo(own, ownKey, scaled(ACCOUNT_TRIES));
    const { count: ofPair } = await deps.pair.add(pair);
    const wait = Math.max(slowDown(ofAccount, scaled(FREE_TRIES.account)), slowDown(ofPair, scaled(FREE_TRIES.pair)));
    if (wait > 0) await keepWaiting(deps, address, wait, request);
    return async (response) => {
      deps.knownBrowser.remember(response, account);
      await Promise.all([own.takeBack(ownKey), deps.pair.forget(pair)]);
    };
  };
}
