import type { Submitted } from "../kratos/run-flow.ts";

function flowIn(address: string | undefined): string | null {
  if (!address) return null;
  return URL.parse(address, window.location.origin)?.searchParams.get("flow") ?? null;
}

/**
 * The settings flow Kratos hands out for an accepted recovery code, for setting a new password: in a redirect (422)
 * or as a continuation, by its version and configuration.
 */
export function settingsFlowOf(answer: Submitted): string | null {
  if (answer.kind === "redirect") return flowIn(answer.to);
  if (answer.kind !== "done") return null;
  const next = answer.result.continue_with ?? [];
  const settings = next.find((item) => item.action === "show_settings_ui")?.flow?.id;
  return settings ?? flowIn(next.find((item) => item.action === "redirect_browser_to")?.redirect_browser_to);
}
