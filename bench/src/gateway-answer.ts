import { get, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import type { Answer } from "./baselines/answer.ts";
import type { ExpectedAnswer, PageRequest } from "./load/wrk.ts";

/** What a server writes by itself, or another length makes it write. */
const OWN = /^(?:date|connection|keep-alive|transfer-encoding|content-length)$/i;
/** What differs from answer to answer. */
const CHANGING = /^(?:x-request-id|x-identity-token|etag)$/i;

/** What the gateway answers to a request, to be answered by a baseline as well and expected of both. */
export type GatewayAnswer = { readonly answer: Answer; readonly expected: ExpectedAnswer };

function send({ url, headers = {} }: PageRequest) {
  return new Promise<{ readonly status: number; readonly raw: readonly string[]; readonly body: string }>(
    (resolve, reject) => {
      const read = async (response: IncomingMessage) => ({
        status: response.statusCode ?? 0,
        raw: response.rawHeaders,
        body: await text(response),
      });
      get(url, { headers, agent: false }, (response) => read(response).then(resolve, reject)).on("error", reject);
    },
  );
}

/**
 * Asks the gateway once.
 * @param fits whether the answer is the work's: it is what all others are held against.
 * @throws Error unless it is a 200 that fits.
 */
export async function askGateway(
  request: PageRequest,
  fits: (body: string, headers: Headers) => boolean,
): Promise<GatewayAnswer> {
  const { status, raw, body } = await send(request);
  const pairs = raw.flatMap((name, at) => (at % 2 === 0 ? [[name, raw[at + 1] ?? ""] as const] : []));
  if (status !== 200 || !fits(body, new Headers(pairs.map(([name, value]) => [name, value])))) {
    throw new Error(`${request.url} answered ${status} ${body}`);
  }
  const headers = pairs.filter(([name]) => !OWN.test(name));
  const constant = headers.filter(([name]) => !CHANGING.test(name));
  const expected = { status, length: Buffer.byteLength(body), body, headers: Object.fromEntries(constant) };
  return { answer: { headers, body }, expected };
}
