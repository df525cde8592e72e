import { z } from "zod";
import { OutageError } from "../errors.ts";

const httpError = z.object({ response: z.object({ status: z.number() }) });

/** The HTTP status an error of @ory/client stands for; undefined when there was no answer. */
export const statusOf = (error: unknown) => httpError.safeParse(error).data?.response.status;

/** Whether nothing came back, in time or at all; an answer that cannot be read came back. */
export const wasUnanswered = (error: unknown) => statusOf(error) === undefined && !(error instanceof z.ZodError);

/**
 * Runs a call to Kratos.
 * @param absent statuses that mean "there is none".
 * @returns its answer; null where there is none.
 * @throws OutageError for anything else.
 */
export async function ask<T>(call: () => Promise<T>, absent: readonly number[] = []): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    if (absent.includes(statusOf(error) ?? 0)) return null;
    throw new OutageError("kratos", error);
  }
}
