import { useState } from "react";
import { Button } from "../components/button.tsx";
import { t } from "../t.ts";
import { Confirm } from "./confirm.tsx";
import { useEndOtherSessions } from "./use-end-other-sessions.ts";
import { useSignOutHere } from "./use-sign-out-here.ts";

/** A question that is asked or not; asked anew it has forgotten what went wrong the last time. */
function useAsking(clear: () => void) {
  const [asking, setAsking] = useState(false);
  const show = (open: boolean) => {
    clear();
    setAsking(open);
  };
  return { asking, show };
}

/** For a device that is lost or was somebody else's. */
function Elsewhere({ onEnded }: { onEnded: (words: string) => void }) {
  const { end, busy, problem, clear } = useEndOtherSessions((words) => {
    show(false);
    onEnded(words);
  });
  const { asking, show } = useAsking(clear);
  return (
    <>
      <Button onClick={() => show(true)}>{t("sessions.others")}</Button>
      <Confirm
        open={asking}
        title={t("sessions.others_title")}
        keep={t("common.cancel")}
        submit={t("sessions.others")}
        busy={busy}
        problem={problem}
        onKeep={() => show(false)}
        onSubmit={() => void end()}
      >
        {t("sessions.others_lead")}
      </Confirm>
    </>
  );
}

function Everything({ refresh }: { refresh: () => Promise<void> }) {
  const { signOut, busy, problem, clear } = useSignOutHere(refresh, true);
  const { asking, show } = useAsking(clear);
  return (
    <>
      <Button variant="danger" onClick={() => show(true)}>
        {t("sessions.everywhere")}
      </Button>
      <Confirm
        open={asking}
        title={t("sessions.everywhere_title")}
        keep={t("sessions.keep")}
        submit={t("sessions.everywhere")}
        busy={busy}
        problem={problem}
        onKeep={() => show(false)}
        onSubmit={() => void signOut()}
      >
        {t("sessions.everywhere_lead")}
      </Confirm>
    </>
  );
}

export type EverywhereProps = {
  readonly onOthersEnded: (words: string) => void;
  readonly refresh: () => Promise<void>;
};

/** Out of every other browser, or of every one; neither waits for the list. */
export function Everywhere({ onOthersEnded, refresh }: EverywhereProps) {
  return (
    <div className="actions actions--start">
      <Elsewhere onEnded={onOthersEnded} />
      <Everything refresh={refresh} />
    </div>
  );
}
