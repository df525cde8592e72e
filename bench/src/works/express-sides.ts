import { SESSION_PREFIX } from "../../../gateway/src/sessions/passkey-session.ts";
import type { GatewayAnswer } from "../gateway-answer.ts";
import type { PageRequest } from "../load/wrk.ts";
import { createPageSide } from "../load.ts";
import type { Bench } from "../processes.ts";
import type { HeldSide } from "../rounds.ts";

type Target = HeldSide["target"];

const PATH = "/answer";
const SESSION_COOKIE = "passbridge_session";
const BARE_NODE = import.meta.resolve("../baselines/bare-node.ts");
const BARE_EXPRESS = import.meta.resolve("../baselines/bare-express.ts");
const EXPRESS_SESSION = import.meta.resolve("../baselines/express-session.ts");

/** Asked with what the gateway is asked with: reading a long request costs as well. */
type SameRequest = Pick<PageRequest, "headers">;

const named = (name: string, pid: number, target: Target) => ({ name, pid, ...(target && { target }) });

async function bare(bench: Bench, program: string, name: string, same: GatewayAnswer, { headers = {} }: SameRequest) {
  const { address, pid } = await bench.startBaseline({ program, env: { ANSWER: JSON.stringify(same.answer) } });
  return (target?: Target) => createPageSide(named(name, pid, target), { url: address + PATH, headers }, same.expected);
}

/** node:http and Express with its defaults, answering the same bytes to the same request and deciding nothing. */
export async function createBareSides(
  bench: Bench,
  same: GatewayAnswer,
  request: SameRequest,
  target?: Target,
): Promise<HeldSide[]> {
  const express = await bare(bench, BARE_EXPRESS, "bare Express, same bytes", same, request);
  const node = await bare(bench, BARE_NODE, "bare node:http, same bytes", same, request);
  return [express(target), node()];
}

/** What an application would build by itself, over the same sessions, answering the same bytes to those who have one. */
export async function startExpressSession(bench: Bench, same: GatewayAnswer) {
  const session = { SESSION_SECRET: bench.secret, SESSION_COOKIE, SESSION_PREFIX };
  const env = { ANSWER: JSON.stringify(same.answer), REDIS_URL: bench.stack.redisUrl, ...session };
  const { address, pid } = await bench.startBaseline({ program: EXPRESS_SESSION, env });
  return { name: "Express + express-session + connect-redis", pid, url: address + PATH };
}
