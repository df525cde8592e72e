import { Button as LibraryButton } from "@base-ui/react/button";
import type { ReactNode, Ref } from "react";

export type ButtonProps = {
  readonly children: ReactNode;
  readonly variant?: "primary" | "secondary" | "quiet" | "danger";
  readonly type?: "button" | "submit";
  /** Shows that the action is under way; further clicks do nothing, and focus stays where it is. */
  readonly busy?: boolean;
  /** The words while busy. */
  readonly busyLabel?: string;
  readonly wide?: boolean;
  readonly disabled?: boolean;
  readonly icon?: ReactNode;
  /** A name for screen readers where the visible words need more. */
  readonly label?: string;
  readonly ref?: Ref<HTMLButtonElement>;
  readonly onClick?: () => void;
};

/** A button that says what it does and when it is busy. */
export function Button({
  variant = "secondary",
  type = "button",
  busy = false,
  disabled = false,
  wide = false,
  ...props
}: ButtonProps) {
  const names = ["button", `button--${variant}`, wide ? "button--wide" : ""].filter(Boolean).join(" ");
  return (
    <LibraryButton
      ref={props.ref}
      type={type}
      className={names}
      onClick={() => props.onClick?.()}
      disabled={busy || disabled}
      focusableWhenDisabled={busy && !disabled}
      aria-busy={busy || undefined}
      aria-label={props.label}
    >
      {busy ? (
        <span className="button__icon">
          <span className="spinner" />
        </span>
      ) : (
        props.icon && <span className="button__icon">{props.icon}</span>
      )}
      <span>{busy ? (props.busyLabel ?? props.children) : props.children}</span>
    </LibraryButton>
  );
}
