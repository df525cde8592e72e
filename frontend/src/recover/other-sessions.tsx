import { Button } from "../components/button.tsx";
import { announce } from "../components/live-region.tsx";
import { PageHeading } from "../components/page.tsx";
import { ProblemNotice } from "../problems/problem-notice.tsx";
import { useEndOtherSessions } from "../sessions/use-end-other-sessions.ts";
import { t } from "../t.ts";

/** The question whether whoever else may be signed in is to be signed out. */
export function OtherSessions({ onDone }: { onDone: () => void }) {
  const { end, busy, problem } = useEndOtherSessions((words) => {
    announce(words);
    onDone();
  });
  return (
    <>
      <PageHeading title={t("recover.others_title")}>{t("recover.others_lead")}</PageHeading>
      <div className="stack">
        <ProblemNotice problem={problem} />
        <Button variant="primary" wide busy={busy} busyLabel={t("recover.others_busy")} onClick={() => void end()}>
          {t("recover.others_submit")}
        </Button>
        <Button variant="quiet" wide onClick={onDone}>
          {t("recover.others_keep")}
        </Button>
      </div>
    </>
  );
}
