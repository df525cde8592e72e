import { api } from "../api.ts";
import type { Flow } from "../kratos/flow.ts";
import { type FlowAnswer, submitFlow } from "../kratos/kratos-api.ts";
import { obtainFlow, type Submitted } from "../kratos/run-flow.ts";
import { needsSignIn, type Problem, toProblem } from "../problems/problem.ts";
import { settingsFlowOf } from "../recover/settings-flow-of.ts";

export type PasswordChange =
  | { readonly kind: "saved" }
  /** Kratos does not take this password; the flow says why. */
  | { readonly kind: "refused"; readonly flow: Flow }
  | { readonly kind: "failed"; readonly problem: Problem };

type Saved = PasswordChange | { readonly kind: "sign_in_needed" };

function outcome(answer: FlowAnswer): Saved {
  if (answer.kind === "done") return { kind: "saved" };
  if (answer.kind === "flow") return answer.refused ? { kind: "refused", flow: answer.flow } : { kind: "saved" };
  if (answer.kind === "refresh") return { kind: "sign_in_needed" };
  return { kind: "failed", problem: { code: answer.kind === "expired" ? "challenge_invalid" : "unknown" } };
}

async function submitPassword(flowId: string | null, password: string): Promise<Saved> {
  const opened = await obtainFlow({ kind: "settings", query: {} }, flowId);
  if (opened.kind !== "flow") return outcome(opened);
  const answer = await submitFlow("settings", opened.flow, { method: "password", password });
  // The flow ended while the page was open: once more, in a new one.
  return answer.kind === "expired" && flowId !== null ? submitPassword(null, password) : outcome(answer);
}

/** Saves through Kratos' settings flow, which takes a Kratos session with a recent sign-in. */
async function saveInSettings(flowId: string | null, password: string): Promise<Saved> {
  try {
    return await submitPassword(flowId, password);
  } catch (error) {
    const problem = toProblem(error);
    return needsSignIn(problem) ? { kind: "sign_in_needed" } : { kind: "failed", problem };
  }
}

/** A recovery flow without a form: those of the admin API need no CSRF token, and their code is at hand. */
const bareFlow = (id: string): Flow => ({ id, ui: { nodes: [] } });

/**
 * Opens a settings flow without a Kratos sign-in: the gateway, which knows the recent passkey sign-in, has Kratos make
 * a recovery code, and the code opens the settings.
 */
async function openByRecovery(): Promise<string | null> {
  const { flow_id, code } = await api.startPasswordReset();
  const answer: Submitted | FlowAnswer = await submitFlow("recovery", bareFlow(flow_id), { method: "code", code });
  return answer.kind === "expired" ? null : settingsFlowOf(answer);
}

async function saveByRecovery(password: string): Promise<Saved> {
  try {
    const flowId = await openByRecovery();
    return flowId === null ? { kind: "failed", problem: { code: "unknown" } } : saveInSettings(flowId, password);
  } catch (error) {
    return { kind: "failed", problem: toProblem(error) };
  }
}

/**
 * Sets a new password, with whatever sign-in there is: a recent Kratos one by the settings flow, else a recent passkey
 * one by way of a recovery code. Never throws; `failed` with `reauthentication_required` when neither is recent.
 * @param settings the settings flow to use; null starts one. Undefined: there is no Kratos session.
 */
export async function changePassword(password: string, settings: string | null | undefined): Promise<PasswordChange> {
  const first: Saved = settings === undefined ? { kind: "sign_in_needed" } : await saveInSettings(settings, password);
  const last = first.kind === "sign_in_needed" ? await saveByRecovery(password) : first;
  return last.kind === "sign_in_needed" ? { kind: "failed", problem: { code: "reauthentication_required" } } : last;
}
