import { DatabaseError } from "pg";
import { ClientOfflineError, ErrorReply, SocketClosedUnexpectedlyError } from "redis";
import { describe, expect, test } from "vitest";
import { OutageError, Problem } from "./errors.ts";
import { askPostgres } from "./postgres-errors.ts";
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

describe("Redis", () => {
  test.each([
    new ClientOfflineError(),
    new SocketClosedUnexpectedlyError(),
    new ErrorReply("LOADING Redis is loading the dataset in memory"),
    new ErrorReply("READONLY You can't write against a read only replica."),
    new ErrorReply("OOM command not allowed"),
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
