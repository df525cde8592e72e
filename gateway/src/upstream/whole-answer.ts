import type { ServerResponse } from "node:http";
import { z } from "zod";
import { OutageError } from "../errors.ts";
import type { UpstreamAnswer } from "./upstream-answer.ts";
import { copyHeaders, headerValues, keptByNobodyElse, stripUpstreamHeaders } from "./upstream-headers.ts";

const MAX_ANSWER = 1024 * 1024;

/** An answer of Kratos that was read to its end before the client gets any of it. */
export type WholeAnswer = {
  readonly message: UpstreamAnswer;
  readonly body: Buffer;
  /** The body's JSON; null when it is none. */
  readonly json: unknown;
};

function parse({ rawHeaders }: UpstreamAnswer, body: Buffer): unknown {
  if (!/^application\/json\s*(;|$)/i.test(headerValues(rawHeaders, "content-type")[0] ?? "")) return null;
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return null;
  }
}

/** Reads an answer whole. Throws OutageError when it breaks off or is larger than any flow. */
export async function readWhole(message: UpstreamAnswer): Promise<WholeAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const chunks: Buffer[] = [];
  let size = 0;
  message.deliver({
    data: (chunk) => {
      size += chunk.length;
      if (size <= MAX_ANSWER) chunks.push(chunk);
      else message.abort();
      return true;
    },
    end: (all) => {
      if (all) chunks.push(all);
      resolve();
    },
    fail: (cause) => reject(new OutageError("kratos", cause)),
  });
  await promise;
  const body = Buffer.concat(chunks);
  return { message, body, json: parse(message, body) };
}

const failure = z.object({ error: z.object({ code: z.number().min(500), status: z.string().optional() }) });

/**
 * Takes an answer that is a failure for what it is: Kratos 1.3.1 answers 400 with its own words when a web hook fails.
 * @throws OutageError
 */
export function refuseFailure(answer: WholeAnswer): WholeAnswer {
  const failed = failure.safeParse(answer.json);
  if (failed.success) throw new OutageError("kratos", new Error(`Kratos failed with ${failed.data.error.code}`));
  return answer;
}

/** An answer that tells of a failure of Kratos' own, without what went wrong inside. */
export function withoutInsides(answer: WholeAnswer): WholeAnswer {
  const failed = failure.safeParse(answer.json);
  return failed.success ? { ...answer, json: failed.data, body: Buffer.from(JSON.stringify(failed.data)) } : answer;
}

/** Sends such an answer on; a client that left meanwhile is no error. */
export function relayWhole(
  { message, body }: WholeAnswer,
  response: ServerResponse,
  keepCookie: (name: string) => boolean,
): void {
  if (response.destroyed) return;
  response.statusCode = message.status;
  copyHeaders(keptByNobodyElse(stripUpstreamHeaders(message.rawHeaders, keepCookie)), response);
  response.setHeader("Content-Length", body.length);
  response.end(body);
}
