import type { AuthenticatedSession, ListedSession } from "@passbridge/client";
import { useRef, useState } from "react";
import { AccountProblem } from "../account/account-problem.tsx";
import { Section } from "../account/section.tsx";
import { Button } from "../components/button.tsx";
import { Notice } from "../components/notice.tsx";
import { Skeleton } from "../components/skeleton.tsx";
import type { Problem } from "../problems/problem.ts";
import { t } from "../t.ts";
import { Everywhere } from "./everywhere.tsx";
import { OtherDevice } from "./other-device.tsx";
import { deviceWords, splitSessions } from "./session-words.ts";
import { ThisDevice } from "./this-device.tsx";
import { useSessions } from "./use-sessions.ts";

/** An outage is waited out in the background; anything else needs the person. */
function ListProblem({ problem, reload }: { problem: Problem; reload: () => void }) {
  if (problem.code === "dependency_unavailable") return <Notice tone="warning">{t("sessions.away")}</Notice>;
  return (
    <div className="stack">
      <AccountProblem problem={problem} />
      <div>
        <Button onClick={reload}>{t("common.try_again")}</Button>
      </div>
    </div>
  );
}

function useNews() {
  const { sessions, problem, reload, ended, othersEnded } = useSessions();
  const [news, setNews] = useState<string | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const say = (words: string) => {
    setNews(words);
    // The button that had the focus may be gone with its card.
    requestAnimationFrame(() => heading.current?.focus());
  };
  const end = ({ id, user_agent }: ListedSession) => {
    ended(id);
    say(t("sessions.ended", { browser: deviceWords(user_agent) }));
  };
  const endOthers = (words: string) => {
    othersEnded();
    say(words);
  };
  return { sessions, problem, reload, news, heading, end, endOthers };
}

export type SessionsSectionProps = {
  readonly session: AuthenticatedSession;
  readonly refresh: () => Promise<void>;
};

/** Every browser the person is signed in with, this one first, each with its way out. */
export function SessionsSection({ session, refresh }: SessionsSectionProps) {
  const { sessions, problem, reload, news, heading, end, endOthers } = useNews();
  const { here, elsewhere } = splitSessions(sessions ?? []);
  return (
    <Section id="sessions" title={t("sessions.title")} lead={t("sessions.lead")} heading={heading}>
      {news && <Notice tone="success">{news}</Notice>}
      <ul className="entries" aria-label={t("sessions.list")}>
        <ThisDevice session={session} here={here} refresh={refresh} />
        {elsewhere.map((one) => (
          <OtherDevice key={one.id} session={one} onEnded={() => end(one)} />
        ))}
      </ul>
      {problem && <ListProblem problem={problem} reload={reload} />}
      {!sessions && !problem && <Skeleton lines={3} />}
      <Everywhere onOthersEnded={endOthers} refresh={refresh} />
    </Section>
  );
}
