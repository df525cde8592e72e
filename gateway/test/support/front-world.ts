import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { request as send } from "undici";
import { findFreePort } from "../../../scripts/free-port.ts";
import { type FrontProxyName, planFrontProxy } from "../../../scripts/parts/front-proxies.ts";
import { createPart, type Part } from "../../../scripts/parts/part.ts";
import { startTestStack, type TestStack } from "../../../scripts/test-stack.ts";
import { firstPolicy } from "../../src/policy/passkey-policy.ts";
import { type ExitPeople, signInExitPeople } from "./exit-people.ts";
import { exitRules } from "./exit-rules.ts";
import { type Recorded, type RecordingUpstream, startRecordingUpstream, TEST_ID } from "./recording-upstream.ts";
import { createTestDatabase, type RunningGateway, startGateway } from "./start-gateway.ts";

/** Another proxy in front of an application, with its configuration from deploy/, and the gateway it asks. */
export type FrontWorld = {
  /** Where people come. */
  readonly origin: string;
  readonly stack: TestStack;
  readonly gateway: RunningGateway;
  readonly front: Part;
  readonly people: ExitPeople;
  /** Sends a request through the proxy; the answer, and what reached the application, if anything did. */
  readonly ask: (path: string, request?: FrontRequest) => Promise<FrontAnswer>;
  readonly stop: () => Promise<void>;
};

export type FrontRequest = {
  readonly method?: string;
  readonly cookie?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

export type FrontAnswer = {
  readonly status: number;
  readonly location: string | null;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  readonly reached: Recorded | null;
};

function createAsk(origin: string, upstream: RecordingUpstream): FrontWorld["ask"] {
  return async (path, { method = "GET", cookie, headers = {}, body } = {}) => {
    const id = randomUUID();
    const list = Object.entries({ ...headers, ...(cookie && { cookie }), [TEST_ID]: id }).flat();
    const answer = await send(`${origin}${path}`, { method: method as "GET", headers: list, body: body ?? null });
    return {
      status: answer.statusCode,
      location: String(answer.headers.location ?? "") || null,
      headers: answer.headers,
      body: await answer.body.text(),
      reached: upstream.take(id),
    };
  };
}

async function startFront(kind: FrontProxyName, port: number, gateway: RunningGateway, upstream: RecordingUpstream) {
  const folder = mkdtempSync(join(tmpdir(), "passbridge-front-"));
  // The proxy may run under another account, in a folder of its own below.
  await chmod(folder, 0o711);
  const own = join(folder, kind);
  const plan = await planFrontProxy(kind, {
    folder: own,
    port,
    gateway: `127.0.0.1:${new URL(gateway.origin).port}`,
    application: upstream.url.host,
  });
  const front = createPart(plan, join(folder, `${kind}.log`));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  await front.start();
  return { front, remove };
}

export async function startFrontWorld(kind: FrontProxyName): Promise<FrontWorld> {
  const port = await findFreePort();
  const origin = `http://localhost:${port}`;
  const stack = await startTestStack({ publicUrl: origin });
  const upstream = await startRecordingUpstream();
  const rules = exitRules(upstream.url);
  const gateway = await startGateway({
    stack,
    env: {
      DATABASE_URL: await createTestDatabase(stack.databaseUrl),
      PUBLIC_URL: origin,
      TRUSTED_PROXIES: "127.0.0.1",
      KRATOS_SESSION_CACHE_TTL: "0",
      IDENTITY_CACHE_TTL: "1s",
      KRATOS_TIMEOUT: "1s",
    },
    overrides: { rules: () => rules, policy: async () => ({ ...firstPolicy(20), userVerification: "preferred" }) },
  });
  const { front, remove } = await startFront(kind, port, gateway, upstream);
  const people = await signInExitPeople({ gateway: { ...gateway, origin }, mailUrl: stack.mailUrl });
  return {
    origin,
    stack,
    gateway,
    front,
    people,
    ask: createAsk(origin, upstream),
    stop: async () => {
      await front.stop();
      await gateway.stop();
      upstream.stop();
      await stack.stop();
      remove();
    },
  };
}
