import { useEffect, useSyncExternalStore } from "react";
import { t } from "../t.ts";
import { announce } from "./live-region.tsx";

function subscribe(listener: () => void): () => void {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}

/** Whether the browser says it has a network. */
export function useOnline(): boolean {
  return useSyncExternalStore(subscribe, () => navigator.onLine);
}

/** Says so while the browser is offline; it lies over the page, so nothing moves. */
export function OfflineBanner() {
  const online = useOnline();
  useEffect(() => {
    if (online) return;
    return () => announce(t("common.back_online"));
  }, [online]);
  return online ? null : (
    <div className="offline" role="status">
      {t("common.offline")}
    </div>
  );
}
