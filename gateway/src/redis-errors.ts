import {
  AbortError,
  ClientClosedError,
  ClientOfflineError,
  ConnectionTimeoutError,
  DisconnectsClientError,
  ErrorReply,
  ReconnectStrategyError,
  SocketClosedUnexpectedlyError,
  SocketTimeoutError,
  TimeoutError,
} from "redis";
import { OutageError } from "./errors.ts";
import { isNetworkError } from "./network-errors.ts";

const CLIENT_STATES = [
  AbortError,
  ClientClosedError,
  ClientOfflineError,
  ConnectionTimeoutError,
  DisconnectsClientError,
  ReconnectStrategyError,
  SocketClosedUnexpectedlyError,
  SocketTimeoutError,
  TimeoutError,
];

/** Replies by which a running server says that it cannot serve now: starting, full, read-only, failing over, moving keys, locked out. */
const SERVER_STATES =
  /^(LOADING|OOM|READONLY|MISCONF|MASTERDOWN|NOREPLICAS|CLUSTERDOWN|MOVED|ASK|TRYAGAIN|BUSY|NOAUTH|WRONGPASS|NOPERM|UNBLOCKED|ERR max number of clients)/;

function isRedisOutage(error: unknown): boolean {
  if (error instanceof ErrorReply) return SERVER_STATES.test(error.message);
  return CLIENT_STATES.some((state) => error instanceof state) || isNetworkError(error);
}

/**
 * Runs a question to Redis.
 * @returns its answer.
 * @throws OutageError when Redis could not be asked; any other error, a programming error, as it is.
 */
export async function askRedis<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    throw isRedisOutage(error) ? new OutageError("redis", error) : error;
  }
}
