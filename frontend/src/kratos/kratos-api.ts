import { ProblemError, toProblem } from "../problems/problem.ts";
import { errorIds, type Flow, type FlowKind, type FlowResult, isFlow } from "./flow.ts";

const BASE = "/.ory/kratos";
const READ_DEADLINE = 10_000;
/** A submission may wait for a slow password hash. */
const SUBMIT_DEADLINE = 30_000;

export type FlowValues = Readonly<Record<string, unknown>>;

/** What came of asking Kratos: the flow (again), an accepted submission, or somewhere else to go. */
export type FlowAnswer =
  | { readonly kind: "flow"; readonly flow: Flow; readonly refused: boolean }
  | { readonly kind: "done"; readonly result: FlowResult }
  | { readonly kind: "redirect"; readonly to: string }
  /** A fresh sign-in is needed first. */
  | { readonly kind: "refresh" }
  /** There is a session already; a new one needs no flow. */
  | { readonly kind: "signed_in" }
  /** This flow is over or is not this browser's; `replacement` is the one to use instead, if Kratos made one. */
  | { readonly kind: "expired"; readonly replacement: string | null };

const OVER = new Set([
  "self_service_flow_expired",
  "security_csrf_violation",
  "self_service_flow_replaced",
  "security_identity_mismatch",
  "self_service_flow_return_to_forbidden",
  "intended_for_someone_else",
]);

type ErrorBody = {
  readonly error?: { readonly id?: string };
  readonly redirect_browser_to?: string;
  readonly use_flow_id?: string;
  readonly code?: string;
  readonly request_id?: string;
};

async function send(path: string, init: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(`${BASE}${path}`, {
      ...init,
      credentials: "same-origin",
      headers: { Accept: "application/json", ...init.headers },
      signal: AbortSignal.timeout(init.method === "POST" ? SUBMIT_DEADLINE : READ_DEADLINE),
    });
  } catch (error) {
    throw new ProblemError(toProblem(error));
  }
}

async function bodyOf(answer: Response): Promise<unknown> {
  try {
    return await answer.json();
  } catch {
    return null;
  }
}

function failure(answer: Response, body: ErrorBody): ProblemError {
  const seconds = Number(answer.headers.get("Retry-After"));
  const codes: Readonly<Record<number, string>> = { 401: "unauthenticated", 429: "rate_limited" };
  const general = answer.status >= 500 ? "dependency_unavailable" : "unknown";
  return new ProblemError({
    code: body.code ?? codes[answer.status] ?? general,
    ...(seconds > 0 ? { retryAfter: seconds } : {}),
    ...(body.request_id ? { requestId: body.request_id } : {}),
  });
}

function refusal(answer: Response, body: ErrorBody): FlowAnswer {
  const id = body.error?.id ?? "";
  if (id === "session_already_available") return { kind: "signed_in" };
  if (id === "session_refresh_required") return { kind: "refresh" };
  if (answer.status === 422 && body.redirect_browser_to) return { kind: "redirect", to: body.redirect_browser_to };
  const unknownFlow = answer.status === 404 || answer.status === 410;
  if (OVER.has(id) || unknownFlow) return { kind: "expired", replacement: body.use_flow_id ?? null };
  throw failure(answer, body);
}

async function read(answer: Response): Promise<FlowAnswer> {
  const body = await bodyOf(answer);
  // Kratos answers some refusals, such as a wrong code, with 200 and an error message in the flow.
  if (isFlow(body)) return { kind: "flow", flow: body, refused: !answer.ok || errorIds(body).length > 0 };
  const record = typeof body === "object" && body !== null ? body : {};
  return answer.ok ? { kind: "done", result: record } : refusal(answer, record);
}

/**
 * Starts a new browser flow.
 * @param query `return_to`, `refresh`, ….
 * @throws ProblemError when Kratos could not be asked, or needs a session first (`unauthenticated`).
 */
export async function createFlow(kind: FlowKind, query: Readonly<Record<string, string>> = {}): Promise<FlowAnswer> {
  const text = new URLSearchParams(query).toString();
  const answer = await read(await send(`/self-service/${kind}/browser${text === "" ? "" : `?${text}`}`));
  // Kratos refuses addresses to return to that are not on its list: better a flow that leads to the start.
  return answer.kind === "expired" && text !== "" ? createFlow(kind) : answer;
}

/**
 * Loads a flow that was started before, by its id.
 * @throws ProblemError when Kratos could not be asked.
 */
export async function loadFlow(kind: FlowKind, id: string): Promise<FlowAnswer> {
  return read(await send(`/self-service/${kind}/flows?id=${encodeURIComponent(id)}`));
}

/**
 * Submits a flow as JSON, with its CSRF token.
 * @throws ProblemError when Kratos could not be asked, or refused for another reason than the values.
 */
export async function submitFlow(kind: FlowKind, flow: Flow, values: FlowValues): Promise<FlowAnswer> {
  const token = flow.ui.nodes.find((node) => "name" in node.attributes && node.attributes.name === "csrf_token");
  const csrf = token && "value" in token.attributes ? { csrf_token: token.attributes.value as unknown } : {};
  const answer = await send(`/self-service/${kind}?flow=${encodeURIComponent(flow.id)}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...values, ...csrf }),
  });
  return read(answer);
}
