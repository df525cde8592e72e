import { api } from "../api.ts";
import { type Flow, type Verification, verificationOf } from "../kratos/flow.ts";
import { createFlow, submitFlow } from "../kratos/kratos-api.ts";
import { ProblemError } from "../problems/problem.ts";
import { traitNodes, traitsBody } from "../register/trait-fields.ts";

function unlessFlow(kind: string): never {
  throw new ProblemError({ code: kind === "refresh" ? "reauthentication_required" : "unknown" });
}

async function settingsFlow(): Promise<Flow> {
  const answer = await createFlow("settings");
  return answer.kind === "flow" ? answer.flow : unlessFlow(answer.kind);
}

/** What came of it: a new verification flow, or words of Kratos about the address. */
export type ChangedEmail = { readonly verification: Verification | null } | { readonly refused: Flow };

/** Whether the account's own address can be changed here: Kratos needs a session of its own for that. */
export async function canChangeEmail(): Promise<boolean> {
  const session = await api.session();
  return session.authenticated && session.sessions.password !== null;
}

/**
 * Changes the account's address through Kratos' settings flow, which mails a code to the new one.
 * @throws ProblemError; `reauthentication_required` when the sign-in is too long ago.
 */
export async function changeEmail(email: string): Promise<ChangedEmail> {
  const flow = await settingsFlow();
  const traits = { ...traitsBody(traitNodes(flow), {}), email };
  const answer = await submitFlow("settings", flow, { method: "profile", traits });
  if (answer.kind !== "flow") return unlessFlow(answer.kind);
  return answer.refused ? { refused: answer.flow } : { verification: verificationOf(answer.flow) };
}
