import type { ReactNode, Ref } from "react";
import { CheckIcon, ErrorIcon, InfoIcon, WarningIcon } from "./icons.tsx";

export type NoticeTone = "info" | "success" | "warning" | "error";

const ICONS = { info: InfoIcon, success: CheckIcon, warning: WarningIcon, error: ErrorIcon } as const;

export type NoticeProps = {
  readonly tone: NoticeTone;
  readonly children: ReactNode;
  /** Further elements, such as a button. */
  readonly action?: ReactNode;
  readonly ref?: Ref<HTMLDivElement>;
};

/** A message in the page, announced when it appears: at once for an error, when there is a pause for the rest. */
export function Notice({ tone, children, action, ref }: NoticeProps) {
  const Icon = ICONS[tone];
  return (
    <div
      ref={ref}
      className={`notice notice--${tone}`}
      role={tone === "error" ? "alert" : "status"}
      tabIndex={-1}
      data-notice={tone}
    >
      <span className="notice__icon">
        <Icon />
      </span>
      <div className="notice__body">
        <div>{children}</div>
        {action}
      </div>
    </div>
  );
}
