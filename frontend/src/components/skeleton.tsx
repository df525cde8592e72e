import { t } from "../t.ts";

/** Stands in for what is loading; the stylesheet shows it only after 300 ms, so quick answers do not flicker. */
export function Skeleton({ lines = 2 }: { lines?: number }) {
  return (
    <div className="skeleton" role="status" aria-label={t("common.loading")}>
      <span className="skeleton__line skeleton__line--short" />
      {Array.from({ length: lines }, (_, line) => `line-${line}`).map((key) => (
        <span key={key} className="skeleton__line" />
      ))}
    </div>
  );
}
