import { createBrowser, type TestBrowser } from "../support/browser.ts";
import type { Ledger } from "./ledger.ts";
import { SESSION_COOKIES } from "./soak-person.ts";
import type { SoakWorld } from "./soak-world.ts";

/** No answer came, or not all of it: whether it was done nobody knows. */
export class Unanswered extends Error {
  override readonly name = "Unanswered";
}

const FAILURES: Readonly<Record<number, readonly string[]>> = {
  502: ["upstream_unavailable"],
  503: ["dependency_unavailable"],
  504: ["upstream_timeout"],
};

async function codeOf(answer: Response): Promise<string> {
  const text = await answer.clone().text();
  try {
    return String((JSON.parse(text) as { code?: unknown }).code);
  } catch {
    return text.slice(0, 80);
  }
}

/** Sends each request to the next of the replicas that run, as a load balancer would. */
export function createTurns({ replicas }: SoakWorld): () => number {
  let turn = 0;
  return () => {
    turn += 1;
    const index = turn % replicas.length;
    return replicas[index]?.part.pid() === null ? 0 : index;
  };
}

const isNetworkError = (error: unknown) => error instanceof Error && "code" in error;

/** Paths of which the gateway hands on what somebody else answers, who may break off. */
const isHandedOn = (path: string) => !path.startsWith("/api/");

/** A browser that holds each answer against what must be true of any. Its calls throw Unanswered. */
export function createWatchedBrowser(world: SoakWorld, ledger: Ledger, turns: () => number): TestBrowser {
  const { origin, replicas } = world;
  let replica = 0;
  const cookies = new Map<string, string>();
  const browser = createBrowser(origin, cookies, () => {
    replica = turns();
    return replicas[replica]?.address ?? "";
  });
  const held = () => SESSION_COOKIES.map((name) => cookies.get(name)).join(" ");

  const send: TestBrowser["fetch"] = async (path, request) => {
    const what = `${request?.method ?? "GET"} ${path.split("?", 1)[0]}`;
    try {
      return await browser.fetch(path, request);
    } catch (error) {
      if (!isNetworkError(error)) {
        ledger.check("contract", false, () => `${what}: ${String(error)}`);
        throw new Unanswered(what, { cause: error });
      }
      const { code } = error as Error & { code: unknown };
      // The second replica is killed now and then.
      const excused = replica === 1 || (isHandedOn(path) && code !== "UND_ERR_HEADERS_TIMEOUT");
      ledger.check("answered", excused, () => `${what} on replica ${replica}: ${String(code)}`);
      throw new Unanswered(what, { cause: error });
    }
  };
  const fetch: TestBrowser["fetch"] = async (path, request) => {
    const before = held();
    const answer = await send(path, request);
    ledger.check("answered", true, () => path);
    if (path.startsWith("/api/")) ledger.check("contract", true, () => path);
    if (answer.status < 500) return answer;
    const code = await codeOf(answer);
    const fits = FAILURES[answer.status]?.includes(code) ?? false;
    ledger.check("failures", fits, () => `${path}: ${answer.status} ${code}`);
    // A sign-out ends what it can.
    if (path !== "/api/auth/logout") ledger.check("cookieKept", held() === before, () => `${path}: ${answer.status}`);
    return answer;
  };
  return {
    origin,
    cookies,
    fetch,
    post: (path, json = {}) => fetch(path, { method: "POST", json }),
  };
}
