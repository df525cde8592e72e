import { useCallback, useEffect, useState } from "react";
import type { IdentityReport } from "../server/identity-report.ts";

export type IdentityState =
  | { readonly kind: "loading" }
  | { readonly kind: "failed" }
  | { readonly kind: "known"; readonly report: IdentityReport };

async function loadReport(signal: AbortSignal): Promise<IdentityState> {
  try {
    const response = await fetch("/sample/identity", { headers: { Accept: "application/json" }, signal });
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
