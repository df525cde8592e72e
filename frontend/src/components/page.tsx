import { type ReactNode, useEffect, useLayoutEffect, useRef } from "react";
import { useNavigationType } from "react-router";
import { settings } from "../settings.ts";
import { t } from "../t.ts";
import { HelpLink } from "./help-link.tsx";
import { BridgeIcon } from "./icons.tsx";

export type PageProps = {
  /** The document's title until a heading sets its own. */
  readonly title: string;
  readonly children: ReactNode;
  /** A wider column, for pages that list things. */
  readonly wide?: boolean;
  /** Off on the help page itself. */
  readonly help?: boolean;
};

let firstPage = true;

function setDocumentTitle(title: string): void {
  document.title = `${title} · ${settings().brandName}`;
}

/**
 * Focuses the page's heading after navigation inside the pages, so that screen readers and keyboards start there;
 * the very first page leaves focus to the browser. A changed title (the next step of a page) counts as navigation.
 */
export function useHeadingFocus(title: string) {
  const heading = useRef<HTMLHeadingElement>(null);
  const kind = useNavigationType();
  useEffect(() => {
    setDocumentTitle(title);
    if (!firstPage) heading.current?.focus({ preventScroll: kind === "POP" });
    firstPage = false;
  }, [title, kind]);
  return heading;
}

/** A page: landmark, brand line, one column, and the way to help. Its heading comes from Card or PageHeading. */
export function Page({ title, children, wide = false, help = true }: PageProps) {
  const { brandName } = settings();
  // A layout effect, so that the heading's own title, set by an ordinary effect, comes after it.
  useLayoutEffect(() => setDocumentTitle(title), [title]);
  return (
    <div className="page">
      <main className={wide ? "page__column page__column--wide" : "page__column"}>
        <div className="brand">
          <span className="brand__mark">
            <BridgeIcon />
          </span>
          <span>{brandName}</span>
        </div>
        {children}
      </main>
      {help && (
        <footer className="page__footer">
          <HelpLink words={t("help.link")} />
        </footer>
      )}
    </div>
  );
}

/** The page's only h1; takes focus after navigation. */
export function PageHeading({ title, children }: { title: string; children?: ReactNode }) {
  const heading = useHeadingFocus(title);
  return (
    <div className="stack stack--tight">
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children && <div className="lead">{children}</div>}
    </div>
  );
}
