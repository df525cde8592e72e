import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { error, kratosError, loginFlow } from "../../test/support/kratos-flows.ts";
import { createFlow, loadFlow, submitFlow } from "./kratos-api.ts";

type Answer = {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

const fetched = vi.fn<(url: string, init: RequestInit) => Promise<Response>>();
const answer = ({ status = 200, body, headers }: Answer) =>
  fetched.mockResolvedValueOnce(new Response(JSON.stringify(body), { status, ...(headers ? { headers } : {}) }));

async function flow() {
  answer({ body: loginFlow() });
  const created = await createFlow("login");
  if (created.kind !== "flow") throw new Error("no flow");
  return created.flow;
}

beforeEach(() => vi.stubGlobal("fetch", fetched));
afterEach(() => {
  fetched.mockReset();
  vi.unstubAllGlobals();
});

describe("createFlow and loadFlow", () => {
  test("ask for JSON, at the page's own origin", async () => {
    answer({ body: loginFlow() });
    await createFlow("login", { refresh: "true" });
    answer({ body: loginFlow() });
    await loadFlow("login", "a b");
    const [first, second] = fetched.mock.calls;
    expect(first?.[0]).toBe("/.ory/kratos/self-service/login/browser?refresh=true");
    expect(first?.[1]).toMatchObject({ credentials: "same-origin", headers: { Accept: "application/json" } });
    expect(second?.[0]).toBe("/.ory/kratos/self-service/login/flows?id=a%20b");
  });

  test.each([
    ["self_service_flow_expired", 410, { kind: "expired", replacement: null }],
    ["security_csrf_violation", 403, { kind: "expired", replacement: null }],
    ["session_already_available", 400, { kind: "signed_in" }],
    ["session_refresh_required", 403, { kind: "refresh" }],
  ])("%s", async (id, status, expected) => {
    answer(kratosError(id, status));
    expect(await loadFlow("settings", "1")).toEqual(expected);
  });

  test("a flow Kratos does not know is over, and one it replaced names the other", async () => {
    answer({ status: 404, body: { error: { code: 404 } } });
    expect(await loadFlow("login", "1")).toEqual({ kind: "expired", replacement: null });
    answer(kratosError("self_service_flow_expired", 410, { use_flow_id: "2" }));
    expect(await loadFlow("login", "1")).toEqual({ kind: "expired", replacement: "2" });
  });

  test("an address to return to that Kratos forbids is given up", async () => {
    answer(kratosError("self_service_flow_return_to_forbidden", 400));
    answer({ body: loginFlow() });
    expect(await createFlow("registration", { after_verification_return_to: "http://x/" })).toMatchObject({
      kind: "flow",
    });
    expect(fetched.mock.calls[1]?.[0]).toBe("/.ory/kratos/self-service/registration/browser");
  });
});

describe("submitFlow", () => {
  test("sends the values with the flow's token, as JSON", async () => {
    const login = await flow();
    answer({ body: { session: {} } });
    expect(await submitFlow("login", login, { method: "password" })).toEqual({ kind: "done", result: { session: {} } });
    const [url, init] = fetched.mock.calls[1] ?? [];
    expect(url).toBe("/.ory/kratos/self-service/login?flow=login-1");
    expect(init?.body).toBe('{"method":"password","csrf_token":"csrf-1"}');
  });

  test("tells a refusal by its status, and by an error message answered with 200", async () => {
    const login = await flow();
    answer({ status: 400, body: loginFlow() });
    expect(await submitFlow("login", login, {})).toMatchObject({ kind: "flow", refused: true });
    answer({ body: loginFlow("login-1", [error(4_070_006, "wrong code")]) });
    expect(await submitFlow("login", login, {})).toMatchObject({ kind: "flow", refused: true });
    answer({ body: loginFlow() });
    expect(await submitFlow("login", login, {})).toMatchObject({ kind: "flow", refused: false });
  });

  test("422 names where to go on", async () => {
    const login = await flow();
    answer(kratosError("browser_location_change_required", 422, { redirect_browser_to: "/account?flow=1" }));
    expect(await submitFlow("recovery", login, {})).toEqual({ kind: "redirect", to: "/account?flow=1" });
  });
});

describe("what cannot be answered is a problem", () => {
  test.each([
    [
      { status: 503, body: { code: "dependency_unavailable", request_id: "r" }, headers: { "Retry-After": "5" } },
      { code: "dependency_unavailable", retryAfter: 5, requestId: "r" },
    ],
    [
      { status: 429, body: { code: "rate_limited" }, headers: { "Retry-After": "40" } },
      { code: "rate_limited", retryAfter: 40 },
    ],
    [{ status: 429, body: null }, { code: "rate_limited" }],
    [{ status: 502, body: "<html>" }, { code: "dependency_unavailable" }],
    [kratosError("session_inactive", 401), { code: "unauthenticated" }],
    [{ status: 400, body: { error: { id: "never_heard_of" } } }, { code: "unknown" }],
  ])("%j", async (given, problem) => {
    answer(given);
    await expect(createFlow("settings")).rejects.toMatchObject({ problem });
  });

  test("a failed connection, and a server that does not answer in time", async () => {
    fetched.mockRejectedValueOnce(new TypeError("failed to fetch"));
    await expect(createFlow("login")).rejects.toMatchObject({ problem: { code: "network" } });
    fetched.mockRejectedValueOnce(new DOMException("late", "TimeoutError"));
    await expect(createFlow("login")).rejects.toMatchObject({ problem: { code: "dependency_unavailable" } });
  });
});
