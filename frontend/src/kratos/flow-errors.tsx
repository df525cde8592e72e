import { Notice } from "../components/notice.tsx";
import type { Flow } from "./flow.ts";
import { flowErrors } from "./messages.ts";

/** What is wrong with a flow apart from the fields that are shown, above its form. */
export function FlowErrors({ flow, shown }: { flow: Flow; shown: readonly string[] }) {
  return flowErrors(flow, shown).map((message) => (
    <Notice key={message} tone="error">
      {message}
    </Notice>
  ));
}
