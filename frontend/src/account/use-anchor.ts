import { useEffect } from "react";
import { useLocation } from "react-router";

/**
 * Takes the person to the section the address names (`#password`, where /.well-known/change-password leads): its
 * heading gets the focus. By the time the section is drawn the browser has given up looking for it.
 */
export function useAnchor(): void {
  const { hash } = useLocation();
  useEffect(() => {
    const section = hash ? document.getElementById(hash.slice(1)) : null;
    section?.scrollIntoView({ block: "start" });
    section?.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
  }, [hash]);
}
