import type { UiNode, UiNodeInputAttributes, UiText } from "@ory/client-fetch";

export type FlowKind = "login" | "registration" | "verification" | "recovery" | "settings";

/** The part of a Kratos self-service flow that the pages use. */
export type Flow = {
  readonly id: string;
  /** "api" for a flow the gateway started. */
  readonly type?: string;
  readonly state?: string;
  readonly return_to?: string;
  readonly refresh?: boolean;
  readonly continue_with?: readonly ContinueWith[];
  readonly ui: { readonly nodes: readonly UiNode[]; readonly messages?: readonly UiText[] };
};

export type InputNode = UiNode & { readonly attributes: UiNodeInputAttributes };

/** What Kratos asks the pages to do after a submission it accepted. */
export type ContinueWith = {
  readonly action: string;
  readonly redirect_browser_to?: string;
  readonly flow?: { readonly id: string; readonly verifiable_address?: string; readonly url?: string };
};

/** What Kratos answers to a login or registration it accepted. */
export type FlowResult = { readonly continue_with?: readonly ContinueWith[] };

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** Whether a body is a flow, by the parts the pages rely on. */
export function isFlow(body: unknown): body is Flow {
  return isRecord(body) && typeof body.id === "string" && isRecord(body.ui) && Array.isArray(body.ui.nodes);
}

/** Whether a node is an input field. */
export function isInput(node: UiNode): node is InputNode {
  return node.type === "input" && node.attributes.node_type === "input";
}

/** A flow's input of that name, if it has one. */
export function inputOf(flow: Flow, name: string): InputNode | undefined {
  return flow.ui.nodes.find((node): node is InputNode => isInput(node) && node.attributes.name === name);
}

/** The value Kratos put into an input, as text; empty when there is none. */
export function inputValue(flow: Flow, name: string): string {
  const value: unknown = inputOf(flow, name)?.attributes.value;
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** The ids of everything Kratos complains about. */
export function errorIds(flow: Flow): number[] {
  const messages = [...(flow.ui.messages ?? []), ...flow.ui.nodes.flatMap((node) => node.messages)];
  return messages.filter((message) => message.type === "error").map((message) => message.id);
}

/** A verification flow Kratos has started by itself; until another mail is asked for, it does not name the address. */
export type Verification = { readonly id: string; readonly address: string };

/** The verification flow Kratos has started for a new address, if it has. */
export function verificationOf(result: FlowResult): Verification | null {
  const next = result.continue_with?.find((item) => item.action === "show_verification_ui")?.flow;
  return next ? { id: next.id, address: next.verifiable_address ?? "" } : null;
}
