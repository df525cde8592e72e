import { DatabaseError } from "pg";
import { ClientOfflineError, ErrorReply, SocketClosedUnexpectedlyError } from "redis";
import { describe, expect, test } from "vitest";
import { OutageError, Problem } from "./errors.ts";
import { askPostgres, isServerLost, NoPrimaryError } from "./postgres-errors.ts";
import { askRedis } from "./redis-errors.ts";

const coded = (code: string) => Object.assign(new Error(code), { code });
const sqlState = (code: string) => Object.assign(new DatabaseError(code, 1, "error"), { code });
const named = (name: string) => Object.assign(new Error(name), { name });
const asking = (ask: typeof askRedis, error: unknown) => ask(() => Promise.reject(error));

describe("PostgreSQL", () => {
  test.each([
    sqlState("57P01"),
    sqlState("57014"),
    sqlState("53300"),
    sqlState("08006"),
    sqlState("40P01"),
    sqlState("28P01"),
    coded("ECONNREFUSED"),
    coded("ECONNRESET"),
    named("KnexTimeoutError"),
    new Error("Connection terminated unexpectedly"),
    Object.assign(new AggregateError([coded("ECONNREFUSED")]), { code: "ECONNREFUSED" }),
    coded("SELF_SIGNED_CERT_IN_CHAIN"),
    coded("UNABLE_TO_VERIFY_LEAF_SIGNATURE"),
    coded("CERT_HAS_EXPIRED"),
    coded("ERR_TLS_CERT_ALTNAME_INVALID"),
    coded("ERR_SSL_TLSV1_ALERT_UNKNOWN_CA"),
    new Error("The server does not support SSL connections"),
    new NoPrimaryError("no server accepts writes"),
  ])("%s is an outage", async (error) => {
    await expect(asking(askPostgres, error)).rejects.toMatchObject({ dependency: "postgres", cause: error });
  });

  test.each([
    sqlState("42P01"),
    sqlState("23514"),
    sqlState("22P02"),
    new TypeError("x"),
    new Problem("not_found"),
    "text",
  ])("%s is not", async (error) => {
    await expect(asking(askPostgres, error)).rejects.toBe(error);
  });
});

describe("a server is looked for anew", () => {
  const after = [
    ...["25006", "57P01", "57P02", "57P03", "08006"].map(sqlState),
    coded("ECONNREFUSED"),
    coded("ECONNRESET"),
    new Error("Connection terminated unexpectedly"),
    new Error("timeout expired"),
    new Error("Query read timeout"),
  ];
  const notAfter = [
    ...["57014", "53300", "40P01", "23505", "28P01", "55P03"].map(sqlState),
    named("KnexTimeoutError"),
    new NoPrimaryError("no server accepts writes"),
    coded("CERT_HAS_EXPIRED"),
    "text",
  ];

  test.each(after)("after %s", (error) => expect(isServerLost(error)).toBe(true));
  test.each(notAfter)("not after %s", (error) => expect(isServerLost(error)).toBe(false));
});

describe("Redis", () => {
  test.each([
    new ClientOfflineError(),
    new SocketClosedUnexpectedlyError(),
    new ErrorReply("LOADING Redis is loading the dataset in memory"),
    new ErrorReply("READONLY You can't write against a read only replica."),
    new ErrorReply("OOM command not allowed"),
    new ErrorReply("CLUSTERDOWN Hash slot not served"),
    new ErrorReply("MOVED 3999 127.0.0.1:6381"),
    new ErrorReply("ASK 3999 127.0.0.1:6381"),
    coded("ECONNREFUSED"),
  ])("%s is an outage", async (error) => {
    await expect(asking(askRedis, error)).rejects.toMatchObject({ dependency: "redis", cause: error });
  });

  test.each([new ErrorReply("WRONGTYPE Operation against a key"), new TypeError("x"), new Problem("not_found")])(
    "%s is not",
    async (error) => {
      const refusal = asking(askRedis, error);
      await expect(refusal).rejects.toBe(error);
      await expect(refusal).rejects.not.toBeInstanceOf(OutageError);
    },
  );
});
