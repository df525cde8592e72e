import { type ReactNode, useEffect } from "react";
import { announce } from "../components/live-region.tsx";
import { Notice } from "../components/notice.tsx";
import { t } from "../t.ts";
import type { Problem } from "./problem.ts";
import { problemWords } from "./problem-words.ts";
import { useCountdown } from "./use-countdown.ts";

const WAIT_DEFAULT = 30;

function RateLimitNotice({ problem }: { problem: Problem }) {
  const [seconds] = useCountdown(problem.retryAfter ?? WAIT_DEFAULT);
  const over = seconds === 0;
  useEffect(() => {
    if (over) announce(t("problem.rate_limited_over"));
  }, [over]);
  // The counting itself is not announced: once at the start and once at the end is enough.
  return over ? (
    <Notice tone="info">{t("problem.rate_limited_over")}</Notice>
  ) : (
    <Notice tone="error">
      <span className="visually-hidden">{problemWords(problem)}</span>
      <span aria-hidden="true">{problemWords(problem, seconds)}</span>
    </Notice>
  );
}

/** What the person did on purpose. */
const SILENT: readonly string[] = ["webauthn_aborted", "step_up_cancelled"];

/** A problem in words; a rate limit counts its seconds down. Nothing for null and for what people need not know. */
export function ProblemNotice({ problem, action }: { problem: Problem | null; action?: ReactNode }) {
  if (problem === null || SILENT.includes(problem.code)) return null;
  if (problem.code === "rate_limited") return <RateLimitNotice key={problem.retryAfter} problem={problem} />;
  return (
    <Notice tone="error" action={action}>
      {problemWords(problem)}
    </Notice>
  );
}
