import type { ListedSession } from "@passbridge/client";
import { useState } from "react";
import { PhoneIcon, ThisDeviceIcon } from "../account/account-icons.tsx";
import { api } from "../api.ts";
import { Button } from "../components/button.tsx";
import { useAction } from "../components/use-action.ts";
import { type Problem, toProblem } from "../problems/problem.ts";
import { t } from "../t.ts";
import { Confirm } from "./confirm.tsx";
import { SessionFacts } from "./session-facts.tsx";
import { deviceWords, momentWords } from "./session-words.ts";

export type OtherDeviceProps = {
  readonly session: ListedSession;
  readonly onEnded: () => void;
};

/** Ends it; one that has ended already is what was wanted. */
async function endSession(id: string): Promise<Problem | null> {
  try {
    await api.endSession(id);
    return null;
  } catch (error) {
    const problem = toProblem(error);
    return problem.code === "not_found" ? null : problem;
  }
}

function useEnding(id: string, onEnded: () => void) {
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const show = (open: boolean) => {
    setProblem(null);
    setAsking(open);
  };
  const [end, busy] = useAction(async () => {
    setProblem(null);
    const failed = await endSession(id);
    if (failed) return setProblem(failed);
    setAsking(false);
    return onEnded();
  });
  return { asking, show, end, busy, problem };
}

const isHandheld = (userAgent: string | null) => /\b(iPhone|iPod|Android)\b/.test(userAgent ?? "");

/** A session in another browser: which one, since when and from where, and its end. */
export function OtherDevice({ session, onEnded }: OtherDeviceProps) {
  const { asking, show, end, busy, problem } = useEnding(session.id, onEnded);
  const browser = deviceWords(session.user_agent);
  const date = momentWords(session.last_seen_at);
  return (
    <li className="entry">
      <span className="entry__mark" aria-hidden="true">
        {isHandheld(session.user_agent) ? <PhoneIcon /> : <ThisDeviceIcon />}
      </span>
      <div className="entry__body">
        <h3 className="entry__name">{browser}</h3>
        <SessionFacts
          methods={[session.auth_method]}
          ip={session.ip}
          firstUsed={session.created_at}
          lastUsed={session.last_seen_at}
        />
        <div className="entry__actions">
          <Button variant="quiet" label={t("sessions.end_label", { browser, date })} onClick={() => show(true)}>
            {t("sessions.sign_out")}
          </Button>
        </div>
        <Confirm
          open={asking}
          title={t("sessions.end_title", { browser })}
          keep={t("sessions.end_keep")}
          submit={t("sessions.sign_out")}
          busy={busy}
          problem={problem}
          onKeep={() => show(false)}
          onSubmit={() => void end()}
        >
          {t("sessions.end_lead")}
        </Confirm>
      </div>
    </li>
  );
}
