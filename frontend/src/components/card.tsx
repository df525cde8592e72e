import type { ReactNode } from "react";

/** A quiet box around what belongs together. */
export function Card({ children }: { children: ReactNode }) {
  return <div className="card">{children}</div>;
}
