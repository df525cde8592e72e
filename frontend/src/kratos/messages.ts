import type { UiText } from "@ory/client-fetch";
import { maybeText } from "../t.ts";
import { type Flow, inputOf, isInput } from "./flow.ts";

function contextOf(message: UiText): Record<string, string | number> {
  const entries = Object.entries(message.context ?? {}).filter(
    (entry): entry is [string, string | number] => typeof entry[1] === "string" || typeof entry[1] === "number",
  );
  return Object.fromEntries(entries);
}

/** A Kratos message in our words, by its id; in Kratos' own where we have none. */
export function messageWords(message: UiText): string {
  return maybeText(`kratos.${message.id}`, contextOf(message)) ?? message.text;
}

const isError = (message: UiText) => message.type === "error";

/** What is wrong with one field, in words; null when nothing is. */
export function fieldError(flow: Flow | null, name: string): string | null {
  if (!flow) return null;
  const message = inputOf(flow, name)?.messages.find(isError);
  return message ? messageWords(message) : null;
}

/** What is wrong with the flow as a whole, or with a field the page does not show. */
export function flowErrors(flow: Flow | null, shown: readonly string[]): string[] {
  if (!flow) return [];
  const hidden = flow.ui.nodes.filter((node) => isInput(node) && !shown.includes(node.attributes.name));
  const messages = [...(flow.ui.messages ?? []), ...hidden.flatMap((node) => node.messages)];
  return [...new Set(messages.filter(isError).map(messageWords))];
}
