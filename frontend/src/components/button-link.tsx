import type { ReactNode } from "react";
import { Link } from "react-router";

export type ButtonLinkProps = {
  readonly to: string;
  readonly children: ReactNode;
  readonly variant?: "primary" | "secondary" | "quiet";
  readonly wide?: boolean;
  /** Leaves the pages by a full navigation: for addresses that belong to the application. */
  readonly leave?: boolean;
  /** What the next page is handed besides its address. */
  readonly state?: object;
};

/** A link that looks like a button. */
export function ButtonLink({
  to,
  children,
  variant = "secondary",
  wide = false,
  leave = false,
  state,
}: ButtonLinkProps) {
  const names = ["button", `button--${variant}`, wide ? "button--wide" : ""].filter(Boolean).join(" ");
  return (
    <Link to={to} className={names} reloadDocument={leave} state={state}>
      {children}
    </Link>
  );
}
