import { type Refused, stepUpUrl } from "@passbridge/client/step-up";
import { useCallback, useEffect, useState } from "react";
import { areaOf, identityPath } from "../server/areas.ts";
import type { IdentityReport } from "../server/identity-report.ts";

export type IdentityState =
  | { readonly kind: "loading" }
  | { readonly kind: "failed" }
  /** The gateway let the call in no more; there is a page where the person does what is missing. */
  | { readonly kind: "needed"; readonly url: string }
  | { readonly kind: "known"; readonly report: IdentityReport };

async function loadReport(signal: AbortSignal): Promise<IdentityState> {
  try {
    const path = identityPath(areaOf(location.pathname));
    const response = await fetch(path, { headers: { Accept: "application/json" }, signal });
    if (response.status === 401 || response.status === 403) {
      const url = stepUpUrl((await response.json()) as Refused);
      return url === null ? { kind: "failed" } : { kind: "needed", url };
    }
    if (!response.ok) return { kind: "failed" };
    return { kind: "known", report: (await response.json()) as IdentityReport };
  } catch {
    return { kind: "failed" };
  }
}

/** What this application's server knows of the person behind the page's requests. */
export function useIdentity(): { state: IdentityState; reload: () => void } {
  const [state, setState] = useState<IdentityState>({ kind: "loading" });

  const load = useCallback(() => {
    const abort = new AbortController();
    setState({ kind: "loading" });
    void loadReport(abort.signal).then((next) => {
      if (!abort.signal.aborted) setState(next);
    });
    return () => abort.abort();
  }, []);

  useEffect(load, [load]);
  return { state, reload: load };
}
