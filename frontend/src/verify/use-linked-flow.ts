import { useEffect, useState } from "react";
import { loadFlow } from "../kratos/kratos-api.ts";
import { leaveOnce } from "../navigation/leave.ts";

/**
 * Makes the mail's link work on another device: a flow that is not this browser's is handed over by Kratos' own
 * address for the link, which leads back here with the flow this browser may use.
 * @returns whether the page may go on with the flow.
 */
export function useLinkedFlow(flowId: string | null, code: string | null): boolean {
  const linked = flowId !== null && code !== null;
  const [ready, setReady] = useState(!linked);
  useEffect(() => {
    if (!linked) return;
    const query = new URLSearchParams({ flow: flowId, code });
    loadFlow("verification", flowId).then(
      (answer) => {
        const foreign = answer.kind === "expired";
        if (!foreign || !leaveOnce(`/.ory/kratos/self-service/verification?${query}`)) setReady(true);
      },
      () => setReady(true),
    );
  }, [linked, flowId, code]);
  return ready;
}
